//! To which thread a letter belongs: by a tag in its subject, by the Message-IDs of our own letters, by those of earlier letters.

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::Letter;

/// Letters without those that are mistaken for each other when they are typed.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Ten of 32 letters are 50 bits: nobody guesses one in the years that a case is kept, and it is typed from paper if need be.
const LENGTH: usize = 10;
/// Subjects that are searched for tags, in tags.
const MOST: usize = 5;

/// Makes the tokens of threads and checks them.
#[derive(Clone)]
pub struct ThreadKey(Vec<u8>);

impl std::fmt::Debug for ThreadKey {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ThreadKey(…)")
    }
}

/// What a letter says about where it belongs, the strongest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Its subject has a tag of the record with this number, and the token is right.
    Tag(String),
    /// It answers a letter of ours: the message's id, and the token that its Message-ID holds, still to be compared.
    Ours(i64, String),
    /// It answers a letter with this Message-ID.
    Letter(String),
    /// Its subject has a tag for this number that was not made with the key: not believed.
    Forged(String),
}

impl ThreadKey {
    /// The key whose secret is `secret`.
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    /// The token of the record with `number`.
    pub fn token(&self, number: &str) -> String {
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(b"thread|");
        mac.update(number.as_bytes());
        let digest = mac.finalize().into_bytes();
        let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map_or('a', |letter| char::from(*letter));
        digest.iter().take(LENGTH).map(letter).collect()
    }

    /// What stands in the subject of a letter about the record with `number`: `[KF-FW20261122-0001#token]`.
    pub fn tag(&self, number: &str) -> String {
        format!("[KF-{number}#{}]", self.token(number))
    }

    /// True when `token` is that of `number`; takes equally long whatever is wrong.
    pub fn is_of(&self, number: &str, token: &str) -> bool {
        let own = self.token(number);
        let token = token.as_bytes();
        let differs =
            own.bytes().zip(token).fold(0_u8, |differs, (own, typed)| differs | (own ^ typed.to_ascii_lowercase()));
        own.len() == token.len() && differs == 0 && !own.is_empty()
    }

    /// Numbers of the records whose right tags stand in `text`, which may be a postmaster's.
    pub fn numbers_in(&self, text: &str) -> Vec<String> {
        let right = tags(text).take(MOST).filter(|(number, token)| self.is_of(number, token));
        right.map(|(number, _)| number.to_owned()).collect()
    }

    /// What `letter` says about where it belongs.
    pub fn claims(&self, letter: &Letter) -> Vec<Claim> {
        let (mut right, mut forged) = (Vec::new(), Vec::new());
        for (number, token) in tags(&letter.subject).take(MOST) {
            if self.is_of(number, token) {
                right.push(Claim::Tag(number.to_owned()));
            } else {
                forged.push(Claim::Forged(number.to_owned()));
            }
        }
        // What it answers directly says more than what that one answered.
        let answered = letter.in_reply_to.iter().chain(letter.references.iter().rev());
        let mut seen: Vec<&str> = Vec::new();
        for id in answered {
            if seen.contains(&id.as_str()) {
                continue;
            }
            seen.push(id);
            right.push(match own_message_id(id) {
                Some((id, token)) => Claim::Ours(id, token),
                None => Claim::Letter(id.clone()),
            });
        }
        right.sort_by_key(|claim| match claim {
            Claim::Tag(_) => 0,
            Claim::Ours(..) => 1,
            Claim::Letter(_) | Claim::Forged(_) => 2,
        });
        right.into_iter().chain(forged).collect()
    }
}

/// The message and the token in a Message-ID of ours: `<1234.token@host>`.
pub fn own_message_id(id: &str) -> Option<(i64, String)> {
    let (left, _) = id.split_once('@')?;
    let mut parts = left.split('.');
    let (number, token) = (parts.next()?.parse().ok()?, parts.next()?);
    let round = parts.next().is_none_or(|round| round.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = token.len() == LENGTH && token.bytes().all(|byte| ALPHABET.contains(&byte)) && round;
    (fits && parts.next().is_none()).then(|| (number, token.to_owned()))
}

/// Numbers and tokens of the tags in `subject`.
fn tags(subject: &str) -> impl Iterator<Item = (&str, &str)> {
    subject.split("[KF-").skip(1).filter_map(|rest| {
        let (inner, _) = rest.split_once(']')?;
        let (number, token) = inner.split_once('#')?;
        let plain =
            |text: &str| text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (!number.is_empty() && plain(number) && plain(token)).then_some((number, token))
    })
}
