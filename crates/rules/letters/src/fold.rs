//! What a person wrote, apart from what the program quoted below it and from the signature.

use serde::{Deserialize, Serialize};

use crate::limits;

/// The text of a letter, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What the person wrote.
    pub said: String,
    /// What was quoted: earlier letters of the thread.
    pub quoted: String,
    /// The signature, or what the telephone put there.
    pub signature: String,
}

/// Lines that are looked at to find the head of a quoted letter.
const HEAD: usize = 6;
/// Lines that a signature may have; more is text.
const SIGNATURE: usize = 12;

/// Takes `text` apart. A letter that is nothing but a quoted letter (forwarded without a word) keeps it as its words.
pub fn fold(text: &str) -> Words {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let cut = (0..lines.len()).find(|at| begins_quote(lines.get(*at..).unwrap_or_default())).unwrap_or(lines.len());
    let (own, below) = lines.split_at_checked(cut).unwrap_or((lines.as_slice(), &[]));
    let (mut said, mut quoted): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for line in own {
        if line.trim_start().starts_with('>') {
            quoted.push(line);
        } else {
            said.push(line);
        }
    }
    // People also answer between the quoted lines, below the head of the quoted letter.
    let marked = below.iter().skip(1).filter(|line| line.trim_start().starts_with('>')).count();
    if marked > 0 && is_closed_head(below) {
        let mut heading = true;
        for line in below {
            let mark = line.trim_start().starts_with('>');
            heading &= !mark;
            if heading || mark || line.trim().is_empty() {
                quoted.push(line);
            } else {
                said.push(line);
            }
        }
    } else {
        quoted.extend(below);
    }
    let signature = signature(&mut said);
    let (said, quoted, signature) = (joined(&said), joined(&quoted), joined(&signature));
    match (said.is_empty(), quoted.is_empty()) {
        (true, false) => Words { said: quoted, quoted: String::new(), signature },
        (true, true) => Words { said: signature, quoted, signature: String::new() },
        (false, _) => Words { said, quoted, signature },
    }
}

/// The lines as one text: at most one empty line in a row, none at the ends.
fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut empty = false;
    for line in lines {
        if line.trim().is_empty() {
            empty = true;
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
            if empty {
                out.push('\n');
            }
        }
        empty = false;
        out.push_str(line);
    }
    if out.chars().count() > limits::SAID { out.chars().take(limits::SAID).collect() } else { out }
}

/// True when the quoted letter begins with the first of `lines`.
fn begins_quote(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|line| unmarked(line)) else { return false };
    if first.is_empty() {
        return false;
    }
    if is_rule(first) {
        return true;
    }
    // Outlook draws a line and lists the fields; phones list them without a line.
    let drawn = first.len() >= 10 && first.chars().all(|letter| letter == '_');
    let from = usize::from(drawn);
    let mut near = lines
        .iter()
        .skip(from)
        .take(HEAD.saturating_add(from))
        .map(|line| unmarked(line))
        .filter(|line| !line.is_empty());
    if near.next().is_some_and(|line| starts_field(line, FROM)) {
        let others = near.filter(|line| starts_field(line, FIELDS)).count();
        if others >= usize::from(!drawn).saturating_add(1).min(2) {
            return true;
        }
    }
    is_reply_head(lines)
}

/// Without quote marks, list marks and emphasis that programs put before and around words.
fn unmarked(line: &str) -> &str {
    line.trim_matches([' ', '\t', '*', '|', '\u{3000}', '\u{a0}'])
}

/// `-----原始邮件-----` in its many forms.
fn is_rule(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "原始邮件",
        "原邮件",
        "原始郵件",
        "回复的原邮件",
        "转发邮件信息",
        "转发的邮件",
        "original message",
        "original",
        "forwarded message",
        "forwarded mail",
        "replied message",
        "邮件原件",
    ];
    let bare = line.trim_matches(['-', '—', '─', '=', ' ', '>', '\u{a0}']);
    let dashes = line.len() > bare.len().saturating_add(3);
    let bare = bare.to_lowercase();
    dashes && WORDS.iter().any(|word| bare == *word)
}

const FROM: &[&str] = &["发件人", "寄件者", "寄件人", "发送人", "from"];
const FIELDS: &[&str] = &[
    "发送时间",
    "发送日期",
    "日期",
    "时间",
    "收件人",
    "抄送",
    "主题",
    "寄件日期",
    "收件者",
    "主旨",
    "sent",
    "date",
    "to",
    "cc",
    "subject",
    "发件时间",
    "回复",
];

fn starts_field(line: &str, names: &[&str]) -> bool {
    let Some((name, _)) = line.split_once([':', '：']) else { return false };
    // `发 件 人` stands wide in some programs, `**From` in others.
    let name: String = name.chars().filter(|letter| !letter.is_whitespace() && *letter != '*').take(20).collect();
    let name = name.to_lowercase();
    names.iter().any(|known| name == *known)
}

/// `On …, … wrote:` and `在 …，… 写道：`, which programs break into up to three lines.
fn is_reply_head(lines: &[&str]) -> bool {
    reply_head_lines(lines).is_some()
}

/// Longest such line, in characters.
const LONGEST: usize = 400;

fn reply_head_lines(lines: &[&str]) -> Option<usize> {
    let first = unmarked(lines.first()?);
    let lower: String = first.chars().take(LONGEST).collect::<String>().to_lowercase();
    let english = lower.starts_with("on ") || lower.starts_with("at ");
    let chinese = lower.starts_with('在') || lower.starts_with('于') || lower.starts_with('於');
    // Gmail puts the name first: `王丽华 <a@b> 于2026年11月22日周日 14:32写道：`.
    let named = lower.contains('<') || lower.contains("年");
    let mut whole = String::new();
    for (count, line) in lines.iter().take(3).enumerate() {
        whole.push_str(unmarked(line));
        whole.push(' ');
        if whole.chars().count() > LONGEST {
            return None;
        }
        let end = whole.trim_end().to_lowercase();
        let digits = end.bytes().any(|byte| byte.is_ascii_digit());
        let wrote = english && ["wrote:", "wrote：", "writes:"].iter().any(|word| end.ends_with(word));
        let wrote_zh = (chinese || named)
            && ["写道:", "写道：", "寫道：", "寫道:", "写到：", "写到:"].iter().any(|word| end.ends_with(word));
        if (wrote || wrote_zh) && digits {
            return Some(count.saturating_add(1));
        }
        // The first line alone must look like a beginning.
        if !(english || chinese || named) {
            return None;
        }
    }
    None
}

/// True when the head of the quoted letter is one sentence, so that what is not marked below it may be an answer.
fn is_closed_head(lines: &[&str]) -> bool {
    let Some(count) = reply_head_lines(lines) else { return false };
    lines
        .iter()
        .skip(count)
        .map(|line| line.trim_start())
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with('>'))
}

/// How the words begin that telephones and programs put below a letter, in lower case.
const SENT_FROM: [&str; 22] = [
    "发自我的",
    "发自 ",
    "发自华为",
    "发自小米",
    "发自vivo",
    "发自oppo",
    "来自我的",
    "从我的 iphone",
    "从我的iphone",
    "从我的",
    "发自网易邮箱",
    "发自qq邮箱",
    "来自qq邮箱",
    "获取 outlook",
    "获取outlook",
    "从 windows 版",
    "sent from my ",
    "sent from mail for ",
    "sent from outlook",
    "sent from yahoo",
    "sent from the ",
    "get outlook for",
];

/// Takes the signature off the end of `said`.
fn signature<'t>(said: &mut Vec<&'t str>) -> Vec<&'t str> {
    let mut taken: Vec<&'t str> = Vec::new();
    // A few times: a telephone's line stands below a person's.
    for _ in 0..3 {
        while said.last().is_some_and(|line| line.trim().is_empty()) {
            said.pop();
        }
        let lines = said.len();
        let from = (lines.saturating_sub(SIGNATURE)..lines)
            .find(|at| said.get(*at).is_some_and(|line| cuts(line, lines.saturating_sub(*at))));
        // A letter that would be nothing but its signature is text.
        let Some(from) = from else { break };
        let mut more = said.split_off(from);
        more.append(&mut taken);
        taken = more;
    }
    taken
}

/// True when the signature begins at `line`, which stands so many `lines` before the end (itself counted).
fn cuts(line: &str, lines: usize) -> bool {
    // RFC 3676 §4.3: two dashes and a blank, which many programs eat.
    if line == "-- " || line.trim_end() == "--" || line == "—" {
        return true;
    }
    let bare = unmarked(line);
    // QQ and Foxmail draw a line above it.
    if lines <= 8 && bare.len() >= 10 && bare.chars().all(|letter| matches!(letter, '-' | '—' | '─' | '_')) {
        return true;
    }
    // Such a line often is a link, which is named behind it.
    let bare = bare.split_once(" [http").map_or(bare, |(words, _)| words);
    let lower = bare.to_lowercase();
    lines <= 3 && bare.chars().count() <= 60 && SENT_FROM.iter().any(|start| lower.starts_with(start))
}
