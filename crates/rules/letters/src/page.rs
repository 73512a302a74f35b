//! The words of an HTML page, as they stand under each other. Nothing else of it survives: no picture, no script, no style; where a
//! link leads stands behind its words, so that one who reads sees it before going there.
//!
//! Read by the tokenizer of a browser without building a tree, so that a page nested a million deep costs no more than its length.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// The words of `html`; quoted passages begin with `> ` as in plain mail.
pub(crate) fn words(html: &str) -> String {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // Scripts are read as text, so nothing ever asks to stop.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut page = tokenizer.sink.0.borrow_mut();
    page.end_line();
    std::mem::take(&mut page.out)
}

#[derive(Default)]
struct Reader(RefCell<Page>);

#[derive(Default)]
struct Page {
    out: String,
    line: String,
    /// How often it is quoted.
    quoted: usize,
    /// Inside of elements that are not shown, by how many.
    hidden: usize,
    /// White space stands between what was written and what follows.
    gap: bool,
    /// Empty lines at the end of what was written.
    empty: usize,
    preformatted: usize,
    link: Option<Link>,
}

/// A link whose words are being read.
struct Link {
    to: String,
    words: String,
}

/// Longest link that is named whole, in characters: longer ones carry numbers that say nothing to people.
const LINK: usize = 200;

impl Link {
    /// Where `tag` leads, when that is a page or an address.
    fn of(tag: &Tag) -> Option<Self> {
        let to = tag.attrs.iter().find(|attribute| &*attribute.name.local == "href")?.value.trim();
        let (scheme, rest) = to.split_once(':')?;
        let to = match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" if rest.starts_with("//") => to,
            "mailto" => rest.split('?').next().unwrap_or_default(),
            _ => return None,
        };
        let mut plain: String = to.chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()).collect();
        if let Some((end, _)) = plain.char_indices().nth(LINK) {
            plain.truncate(end);
            plain.push('…');
        }
        (!plain.is_empty()).then(|| Self { to: plain, words: String::new() })
    }

    /// What is to be said beside the words: nothing when they name it already.
    fn beside(self) -> Option<String> {
        let bare = |text: &str| {
            let text = text.trim().to_lowercase();
            let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
            text.trim_end_matches('/').to_owned()
        };
        (!self.words.trim().is_empty() && bare(&self.words) != bare(&self.to)).then(|| format!(" [{}]", self.to))
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) => return page.tag(&tag),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// Quoted deeper it looks the same.
const DEEPEST: usize = 5;

impl Page {
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if let Some(link) = self.link.as_mut().filter(|link| link.words.len() <= 4 * LINK) {
            link.words.push_str(text);
        }
        for letter in text.chars() {
            match letter {
                '\n' if self.preformatted > 0 => self.end_line(),
                // Not the blank that does not break: people indent with it.
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => self.gap = true,
                // No width, no meaning: marks that advertisers put between letters.
                '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}' => {}
                letter => {
                    if self.gap && !self.line.is_empty() {
                        self.line.push(' ');
                    }
                    self.gap = false;
                    self.line.push(if letter == '\u{a0}' { ' ' } else { letter });
                }
            }
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let opens = tag.kind == TagKind::StartTag;
        match &*tag.name {
            // Their text is data: read to the end tag and thrown away.
            name @ ("script" | "style" | "title" | "textarea" | "noscript" | "iframe" | "xmp") => {
                if opens && !tag.self_closing {
                    self.hidden = 1;
                    return TokenSinkResult::RawData(if name == "script" {
                        RawKind::ScriptData
                    } else {
                        RawKind::Rawtext
                    });
                }
                self.hidden = 0;
            }
            "a" if self.hidden == 0 => {
                if let Some(beside) = self.link.take().and_then(Link::beside) {
                    self.line.push_str(&beside);
                }
                self.link = opens.then(|| Link::of(tag)).flatten();
            }
            "br" => self.end_line(),
            "hr" => {
                self.break_line();
                self.line.push_str("----------");
                self.break_line();
            }
            "td" | "th" if opens => self.gap = true,
            "pre" => {
                self.break_line();
                self.preformatted =
                    if opens { self.preformatted.saturating_add(1) } else { self.preformatted.saturating_sub(1) };
            }
            "blockquote" => {
                self.break_line();
                self.quoted =
                    if opens { self.quoted.saturating_add(1).min(1_000) } else { self.quoted.saturating_sub(1) };
            }
            "li" if opens => {
                self.break_line();
                self.line.push_str("· ");
            }
            "p" => {
                self.break_line();
                if self.empty == 0 && !self.out.is_empty() {
                    self.end_line();
                }
            }
            "div" | "tr" | "table" | "ul" | "ol" | "li" | "dl" | "dt" | "dd" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" | "section" | "article" | "header" | "footer" | "address" | "center" | "form" | "body" | "head"
            | "html" | "includetail" | "sign" => self.break_line(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Ends the line if something stands on it.
    fn break_line(&mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.gap = false;
    }

    fn end_line(&mut self) {
        self.gap = false;
        if self.line.trim().is_empty() {
            self.line.clear();
            self.empty = self.empty.saturating_add(1);
            // More than one empty line says nothing more.
            if self.empty > 1 || self.out.is_empty() {
                return;
            }
        } else {
            self.empty = 0;
        }
        for _ in 0..self.quoted.min(DEEPEST) {
            self.out.push('>');
        }
        if self.quoted > 0 {
            self.out.push(' ');
        }
        self.out.push_str(self.line.trim_end());
        self.out.push('\n');
        self.line.clear();
    }
}
