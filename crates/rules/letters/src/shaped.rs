//! The words of a page with their simple shape: paragraphs, lists, what is bold or slanted, links with the host to which they lead, tables
//! as lines of text. Nothing is taken over from the letter: the tags are written anew, flat and few, and what comes out goes through a
//! sanitiser that lets nothing else pass. No picture, no style, no address but those of links.
//!
//! The tokenizer reads it as in [`crate::page`], without a tree; only the flat result, whose depth is bounded, is built into one.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use url::Url;

use crate::attached::is_mark;

/// What may come out.
const TAGS: [&str; 8] = ["p", "br", "b", "i", "ul", "ol", "li", "a"];
/// Lists within lists beyond this are lines.
const DEEPEST: usize = 12;
/// Longest result, in bytes.
const LONGEST: usize = 60_000;

static ONLY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut only = Builder::empty();
    only.tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .set_tag_attribute_value("a", "target", "_blank")
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    only
});

/// The words of `html` with their shape, as a fragment that any page may show; `None` when it has no shape beyond lines. Quoted letters
/// are left out of it.
pub(crate) fn shaped(html: &str) -> Option<String> {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut shape = tokenizer.sink.0.borrow_mut();
    shape.close(0);
    shape.says_more.then(|| ONLY.clean(&shape.out).to_string())
}

#[derive(Default)]
struct Reader(RefCell<Shape>);

#[derive(Default)]
struct Shape {
    out: String,
    /// What is open in `out`, the outermost first.
    open: Vec<&'static str>,
    hidden: bool,
    quoted: usize,
    preformatted: usize,
    /// Cells of this line of a table so far.
    cells: usize,
    link: Option<Link>,
    /// There is more than lines.
    says_more: bool,
}

struct Link {
    /// Whom or where it leads to, as it is shown.
    to: String,
    whole: String,
    words: String,
}

impl Link {
    fn of(tag: &Tag) -> Option<Self> {
        let href = tag.attrs.iter().find(|attribute| &*attribute.name.local == "href")?.value.trim();
        let mut url = Url::parse(href).ok()?;
        let to = match url.scheme() {
            "http" | "https" => {
                // Who reads `bank.example@elsewhere` does not see where it leads.
                url.set_username("").ok()?;
                url.set_password(None).ok()?;
                url.host_str()?.to_owned()
            }
            "mailto" => {
                url.set_query(None);
                url.path().to_owned()
            }
            _ => return None,
        };
        (url.as_str().len() <= 2_000).then(|| Self { to, whole: url.into(), words: String::new() })
    }

    /// Whether the words name it already.
    fn is_named(&self) -> bool {
        let bare = |text: &str| {
            let text = text.trim().to_lowercase();
            let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
            text.strip_prefix("mailto:").unwrap_or(text).trim_end_matches('/').to_owned()
        };
        let words = bare(&self.words);
        words == bare(&self.whole) || words == self.to
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut shape = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => shape.text(&text),
            Token::TagToken(tag) => return shape.tag(&tag),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Shape {
    fn silent(&self) -> bool {
        self.hidden || self.quoted > 0 || self.out.len() > LONGEST
    }

    fn text(&mut self, text: &str) {
        if self.silent() || (text.trim().is_empty() && self.holder().is_none()) {
            return;
        }
        self.begin();
        if let Some(link) = self.link.as_mut().filter(|link| link.words.len() <= 1_000) {
            link.words.push_str(text);
        }
        for letter in text.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\n' if self.preformatted > 0 => self.out.push_str("<br>"),
                '\n' | '\t' | '\r' => self.out.push(' '),
                '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}' => {}
                letter if letter.is_control() || is_mark(letter) => {}
                letter => self.out.push(letter),
            }
        }
    }

    /// Where the innermost paragraph or entry of a list stands.
    fn holder(&self) -> Option<usize> {
        self.open.iter().rposition(|tag| matches!(*tag, "p" | "li"))
    }

    /// Makes sure that there is something that words may stand in.
    fn begin(&mut self) {
        if self.holder().is_none() {
            self.close(0);
            self.start("p");
        }
    }

    fn start(&mut self, tag: &'static str) {
        self.out.push('<');
        self.out.push_str(tag);
        self.out.push('>');
        self.open.push(tag);
    }

    /// Closes what is open from place `from` on.
    fn close(&mut self, from: usize) {
        while self.open.len() > from {
            let Some(tag) = self.open.pop() else { return };
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
            if tag == "a" {
                self.name_link();
            }
        }
    }

    fn name_link(&mut self) {
        let Some(link) = self.link.take().filter(|link| !link.is_named() && !link.words.trim().is_empty()) else {
            return;
        };
        self.out.push_str(" [");
        self.out.push_str(&escaped(&link.to));
        self.out.push(']');
    }

    /// Ends the line: a paragraph ends, an entry of a list goes on below.
    fn end_line(&mut self) {
        match self.holder() {
            Some(at) if self.open.get(at) == Some(&"p") => self.close(at),
            Some(at) => {
                self.close(at.saturating_add(1));
                if !self.out.ends_with("<li>") && !self.out.ends_with("<br>") && !self.out.ends_with("</ul>") {
                    self.out.push_str("<br>");
                }
            }
            None => self.close(0),
        }
    }

    fn inline(&mut self, tag: &'static str, opens: bool) {
        let found = self.open.iter().rposition(|one| *one == tag);
        match (opens, found) {
            (true, None) => {
                self.begin();
                self.says_more = true;
                self.start(tag);
            }
            (false, Some(at)) => self.close(at),
            _ => {}
        }
    }

    fn list(&mut self, tag: &'static str, opens: bool) {
        let found = self.open.iter().rposition(|one| *one == tag);
        match (opens, found) {
            (true, _) if self.open.len() < DEEPEST => {
                // A list stands in an entry of another, or by itself.
                let entry = self.open.iter().rposition(|one| *one == "li").map_or(0, |at| at.saturating_add(1));
                self.close(entry);
                self.start(tag);
                self.says_more = true;
            }
            (false, Some(at)) => self.close(at),
            _ => self.end_line(),
        }
    }

    fn entry(&mut self, opens: bool) {
        let list = self.open.iter().rposition(|one| matches!(*one, "ul" | "ol"));
        match (opens, list) {
            (true, Some(at)) => {
                self.close(at.saturating_add(1));
                self.start("li");
            }
            (true, None) => {
                self.list("ul", true);
                self.start("li");
            }
            (false, Some(at)) => self.close(at.saturating_add(1)),
            (false, None) => {}
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let opens = tag.kind == TagKind::StartTag;
        let name = &*tag.name;
        match name {
            "script" | "style" | "title" | "textarea" | "noscript" | "iframe" | "xmp" | "noembed" | "noframes" => {
                self.hidden = opens && !tag.self_closing;
                if self.hidden {
                    let kind = if name == "script" { RawKind::ScriptData } else { RawKind::Rawtext };
                    return TokenSinkResult::RawData(kind);
                }
            }
            "blockquote" | "includetail" => {
                self.end_line();
                self.quoted = match opens {
                    true => self.quoted.saturating_add(1),
                    false => self.quoted.saturating_sub(1),
                };
            }
            _ if self.silent() => {}
            "b" | "strong" => self.inline("b", opens),
            "i" | "em" => self.inline("i", opens),
            "ul" => self.list("ul", opens),
            "ol" => self.list("ol", opens),
            "li" => self.entry(opens),
            "a" => {
                if let Some(at) = self.open.iter().rposition(|one| *one == "a") {
                    self.close(at);
                }
                if let Some(link) = opens.then(|| Link::of(tag)).flatten() {
                    self.begin();
                    self.out.push_str("<a href=\"");
                    self.out.push_str(&escaped(&link.whole));
                    self.out.push_str("\">");
                    self.open.push("a");
                    self.link = Some(link);
                    self.says_more = true;
                }
            }
            "br" if self.holder().is_some() => self.out.push_str("<br>"),
            "pre" => {
                self.end_line();
                self.preformatted = match opens {
                    true => self.preformatted.saturating_add(1),
                    false => self.preformatted.saturating_sub(1),
                };
            }
            "tr" => {
                self.end_line();
                self.cells = 0;
            }
            "td" | "th" if opens => {
                if self.cells > 0 {
                    self.begin();
                    self.out.push_str(" | ");
                    self.says_more = true;
                }
                self.cells = self.cells.saturating_add(1);
            }
            "p" | "div" | "table" | "dl" | "dt" | "dd" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section"
            | "article" | "header" | "footer" | "address" | "center" | "form" | "body" | "head" | "html" | "hr"
            | "sign"
                // A block within a cell is the cell.
                if self.cells == 0 || name == "table" =>
            {
                self.end_line();
                self.cells = 0;
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
