use std::fmt;

/// How a message reaches its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Mail over SMTP.
    Mail,
    /// SMS over a provider.
    Sms,
    /// A text that a member of staff copies into WeChat; kept as a record, sent by nobody here.
    WechatCopy,
    /// A signed request to the callback of a registered channel: the chat tool or shop by which the customer wrote.
    Webhook,
}

impl Channel {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::WechatCopy => "wechat_copy",
            Self::Webhook => "webhook",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Mail, Self::Sms, Self::WechatCopy, Self::Webhook].into_iter().find(|channel| channel.as_str() == text)
    }
}

/// An address that can be sent to: checked, and in the form that is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads what a person typed. Mail: something@host; SMS: 5 to 15 digits with an optional `+`, spaces and hyphens dropped.
    pub fn parse(channel: Channel, typed: &str) -> Option<Self> {
        let typed = typed.trim();
        match channel {
            Channel::Mail => {
                let parsed: lettre::Address = typed.parse().ok()?;
                Some(Self(parsed.to_string()))
            }
            Channel::Sms => {
                let kept: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
                let digits = kept.strip_prefix('+').unwrap_or(&kept);
                let fits = (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
                fits.then_some(Self(kept))
            }
            Channel::WechatCopy => Some(Self(typed.to_owned())),
            Channel::Webhook => crate::callback::parts(typed).map(|_known| Self(typed.to_owned())),
        }
    }
    /// The whole address, for the provider.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Address {
    /// Never the address itself: debug texts end in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// What people see of an address: `138****5678`, `z****@example.com`.
pub fn mask(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Mail => match address.rsplit_once('@') {
            Some((name, host)) => format!("{}****@{host}", name.chars().next().unwrap_or('*')),
            None => "****".to_owned(),
        },
        Channel::Sms => {
            let chars: Vec<char> = address.chars().collect();
            // Fewer than 11 characters would show too much of the number.
            let head = if chars.len() >= 11 { chars.len() - 8 } else { 0 };
            let tail = if chars.len() >= 8 { 4 } else { 0 };
            let shown = |from: usize, to: usize| chars.iter().skip(from).take(to - from).collect::<String>();
            format!("{}****{}", shown(0, head), shown(chars.len() - tail, chars.len()))
        }
        Channel::WechatCopy => match address.chars().next() {
            Some(first) => format!("{first}**"),
            None => String::new(),
        },
        Channel::Webhook => {
            let name = crate::callback::parts(address).map_or("", |(_, name)| name);
            format!("{}****", name.chars().take(4).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_show_only_their_ends() {
        assert_eq!(mask(Channel::Sms, "13812345678"), "138****5678");
        assert_eq!(mask(Channel::Sms, "+8613812345678"), "+86138****5678");
        assert_eq!(mask(Channel::Sms, "12345"), "****");
        assert_eq!(mask(Channel::Sms, "82345678"), "****5678");
        assert_eq!(mask(Channel::Mail, "zhang.san@example.com"), "z****@example.com");
        assert_eq!(mask(Channel::Mail, "broken"), "****");
        assert_eq!(mask(Channel::WechatCopy, "张三"), "张**");
        assert_eq!(mask(Channel::Sms, ""), "****");
    }

    #[test]
    fn what_cannot_be_sent_to_is_not_an_address() {
        assert_eq!(Address::parse(Channel::Sms, " 138-1234 5678 ").map(|a| a.0), Some("13812345678".to_owned()));
        assert!(Address::parse(Channel::Sms, "138123456789012345").is_none());
        assert!(Address::parse(Channel::Sms, "ask for Li").is_none());
        assert!(Address::parse(Channel::Mail, "a@b.example\r\nBcc: c@d.example").is_none());
        assert!(Address::parse(Channel::Mail, "nobody").is_none());
        assert!(Address::parse(Channel::Mail, "李@例子.example").is_some());
        assert_eq!(format!("{:?}", Address::parse(Channel::Sms, "13812345678")), "Some(Address(…))");
    }
}
