//! The name of a picture: literal text and fields of the person, made safe for every file system.
use crate::error::TemplateError;
use crate::table::field;
use domain::{PersonKey, Subject};

/// Longest folder or file name in bytes: 255 on every file system in use, less room for a suffix.
const MAX_NAME_BYTES: usize = 200;
/// Fields that alone can tell people apart.
const KEYS: [&str; 5] = [
    "id_number",
    "student_number",
    "exam_number",
    "code_hash",
    "order_number",
];
/// Stands in for an absent folder field.
const UNKNOWN: &str = "未分";

/// A parsed template, as `images/{class}/{student_number}.jpg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    folders: Vec<Vec<Part>>,
    name: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(&'static str),
}

/// Why an item has no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing(pub &'static str);

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When a field is unknown, the braces do not match, or what it makes could not be a file name.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let stem = text.strip_suffix(".jpg").ok_or(TemplateError::Ending)?;
        let mut pieces: Vec<&str> = stem.split('/').collect();
        let name = parts(pieces.pop().unwrap_or_default())?;
        let has_key = name.iter().any(|p| matches!(p, Part::Field(f) if KEYS.contains(f)));
        if !has_key {
            return Err(TemplateError::NoKey);
        }
        let folders = pieces.into_iter().map(parts).collect::<Result<_, _>>()?;
        Ok(Self { folders, name })
    }

    /// The name of one person's picture. An absent field of a folder becomes `未分`; one of the name has no substitute.
    pub fn render(&self, number: &str, person: &PersonKey, subject: &Subject) -> Result<String, Missing> {
        let value = |f: &'static str| field(f, Some(number), Some(person), subject).filter(|v| !v.trim().is_empty());
        let mut path = String::new();
        for folder in &self.folders {
            let piece = folder.iter().fold(String::new(), |done, part| match part {
                Part::Text(text) => done + text,
                Part::Field(f) => done + &value(f).unwrap_or_else(|| UNKNOWN.to_owned()),
            });
            path += &safe(&piece);
            path.push('/');
        }
        let mut name = String::new();
        for part in &self.name {
            match part {
                Part::Text(text) => name += text,
                Part::Field(f) => name += &value(f).ok_or(Missing(f))?,
            }
        }
        Ok(path + &safe(&name) + ".jpg")
    }
}

fn parts(piece: &str) -> Result<Vec<Part>, TemplateError> {
    let mut out = Vec::new();
    let mut rest = piece;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, tail) = rest.split_at(at);
        literal(text, &mut out)?;
        let inner = tail.strip_prefix('{').ok_or(TemplateError::Braces)?;
        let (name, after) = inner.split_once('}').ok_or(TemplateError::Braces)?;
        let known = crate::table::FIELDS.iter().find(|f| **f == name);
        out.push(Part::Field(known.ok_or_else(|| TemplateError::Field(name.to_owned()))?));
        rest = after;
    }
    literal(rest, &mut out)?;
    if out.is_empty() {
        return Err(TemplateError::Name(piece.to_owned()));
    }
    Ok(out)
}

fn literal(text: &str, out: &mut Vec<Part>) -> Result<(), TemplateError> {
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().any(|c| !allowed(c)) || matches!(text, "." | "..") {
        return Err(TemplateError::Name(text.to_owned()));
    }
    out.push(Part::Text(text.to_owned()));
    Ok(())
}

/// Letters no file system of a receiver objects to, and none that turns a line of text round.
fn allowed(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A value as one folder or file name. Different values may become the same name; the package refuses both then.
fn safe(piece: &str) -> String {
    let mut name: String = piece.trim().chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    while name.len() > MAX_NAME_BYTES {
        name.pop();
    }
    // Windows drops dots and blanks at the end; a dot in front hides the file elsewhere.
    while name.ends_with(['.', ' ']) {
        name.pop();
    }
    if name.starts_with('.') || name.is_empty() {
        name.insert(0, '_');
    }
    if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// Names Windows keeps for devices, with or without an ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |p: &str| {
        stem.strip_prefix(p)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}
