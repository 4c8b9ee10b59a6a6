//! Which lines become rows, and which are refused?
use crate::header::Header;
use crate::read::Line;
use crate::value::{self, Value};
use crate::{Effect, Field, Problem, RowProblem};
use domain::{RosterEntry, Subject};
use std::collections::HashMap;

/// One person of a roster, as the sheet says.
#[derive(Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct RosterRow {
    /// Line in the sheet, from 1.
    pub row: u32,
    /// 姓名; never empty.
    pub name: String,
    pub sex: Option<String>,
    /// 证件号码; upper case. Not every paper is a resident ID.
    pub id_number: Option<String>,
    pub student_number: Option<String>,
    pub exam_number: Option<String>,
    pub school_code: Option<String>,
    pub faculty: Option<String>,
    pub major: Option<String>,
    pub level: Option<String>,
    pub years: Option<String>,
    pub class: Option<String>,
    pub entry_year: Option<String>,
    pub graduation_year: Option<String>,
    pub phone: Option<String>,
}

impl std::fmt::Debug for RosterRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RosterRow(line {})", self.row)
    }
}

impl RosterRow {
    /// The number that tells this person apart: student number, else ID number, else exam number.
    pub fn key(&self) -> Option<&str> {
        [&self.student_number, &self.id_number, &self.exam_number]
            .into_iter()
            .find_map(|k| k.as_deref())
    }
    /// The person as the rest of the system knows them; `None` without a key, which no imported row is.
    pub fn entry(&self) -> Option<RosterEntry> {
        let row = self.clone();
        RosterEntry::new(Subject {
            name: Some(row.name),
            sex: row.sex,
            id_number: row.id_number,
            student_number: row.student_number,
            exam_number: row.exam_number,
            school_code: row.school_code,
            faculty: row.faculty,
            major: row.major,
            level: row.level,
            years: row.years,
            class: row.class,
            entry_year: row.entry_year,
            graduation_year: row.graduation_year,
            phone: row.phone,
            ..Subject::default()
        })
    }
    /// The value of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => Some(self.name.as_str()).filter(|n| !n.is_empty()),
            Field::Sex => self.sex.as_deref(),
            Field::IdNumber => self.id_number.as_deref(),
            Field::StudentNumber => self.student_number.as_deref(),
            Field::ExamNumber => self.exam_number.as_deref(),
            Field::SchoolCode => self.school_code.as_deref(),
            Field::Faculty => self.faculty.as_deref(),
            Field::Major => self.major.as_deref(),
            Field::Level => self.level.as_deref(),
            Field::Years => self.years.as_deref(),
            Field::Class => self.class.as_deref(),
            Field::EntryYear => self.entry_year.as_deref(),
            Field::GraduationYear => self.graduation_year.as_deref(),
            Field::Phone => self.phone.as_deref(),
        }
    }
    fn set(&mut self, field: Field, text: Option<String>) {
        match field {
            Field::Name => self.name = text.unwrap_or_default(),
            Field::Sex => self.sex = text,
            Field::IdNumber => self.id_number = text,
            Field::StudentNumber => self.student_number = text,
            Field::ExamNumber => self.exam_number = text,
            Field::SchoolCode => self.school_code = text,
            Field::Faculty => self.faculty = text,
            Field::Major => self.major = text,
            Field::Level => self.level = text,
            Field::Years => self.years = text,
            Field::Class => self.class = text,
            Field::EntryYear => self.entry_year = text,
            Field::GraduationYear => self.graduation_year = text,
            Field::Phone => self.phone = text,
        }
    }
}

/// What the lines gave.
pub(crate) struct Built {
    pub rows: Vec<RosterRow>,
    pub problems: Vec<RowProblem>,
    pub refused: u32,
}

/// A line on its way.
struct Draft {
    row: RosterRow,
    problems: Vec<RowProblem>,
}

impl Draft {
    fn note(&mut self, column: Option<String>, problem: Problem, effect: Effect, value_masked: Option<String>) {
        self.problems.push(RowProblem {
            row: self.row.row,
            column,
            problem,
            effect,
            value_masked,
        });
    }
    fn refuse(&mut self, problem: Problem) {
        self.note(None, problem, Effect::RowRefused, None);
    }
    fn is_refused(&self) -> bool {
        self.problems.iter().any(|p| p.effect == Effect::RowRefused)
    }
}

/// Builds rows from the lines below the header. `ragged`: a line may have more cells than the header (csv).
pub(crate) fn build(lines: &[Line], header: &Header, ragged: bool) -> Built {
    let mut drafts: Vec<Draft> = lines.iter().map(|line| draft(line, header, ragged)).collect();
    drop_rounded_ids(&mut drafts, header);
    drafts.iter_mut().for_each(need_key);
    find_duplicates(&mut drafts, header);
    let mut built = Built {
        rows: Vec::with_capacity(drafts.len()),
        problems: Vec::new(),
        refused: 0,
    };
    for mut draft in drafts {
        if draft.is_refused() {
            built.refused += 1;
        } else {
            built.rows.push(draft.row);
        }
        built.problems.append(&mut draft.problems);
    }
    built
}

fn draft(line: &Line, header: &Header, ragged: bool) -> Draft {
    let mut draft = Draft {
        row: RosterRow {
            row: line.row,
            ..RosterRow::default()
        },
        problems: Vec::new(),
    };
    if header.row.is_some() && line.shown() == header.cells {
        draft.refuse(Problem::RepeatedHeader);
        return draft;
    }
    if ragged && header.row.is_some() && line.cells.iter().skip(header.cells.len()).any(|c| !c.is_blank()) {
        draft.refuse(Problem::ColumnsDoNotFit);
        return draft;
    }
    for (column, field) in header.mapping.0.iter().enumerate() {
        let (Some(field), Some(cell)) = (*field, line.cells.get(column)) else {
            continue;
        };
        let Value { text, problem, raw } = value::clean(field, cell);
        if let Some(problem) = problem {
            let effect = if text.is_some() {
                Effect::Kept
            } else {
                Effect::ValueDropped
            };
            draft.note(Some(header.name(column)), problem, effect, value::masked(field, &raw));
        }
        draft.row.set(field, text);
    }
    draft
}

/// In a column where a spreadsheet rounded numbers, an ID ending in 000 that passes the check passes by chance.
fn drop_rounded_ids(drafts: &mut [Draft], header: &Header) {
    let rounded = |d: &Draft| d.problems.iter().any(|p| p.problem == Problem::IdMangled);
    if !drafts.iter().any(rounded) {
        return;
    }
    let column = header.mapping.column(Field::IdNumber).map(|c| header.name(c));
    for draft in drafts {
        let id = draft.row.id_number.as_deref().filter(|id| value::ends_in_zeros(id));
        if let Some(id) = id {
            let masked = value::masked(Field::IdNumber, id);
            draft.row.id_number = None;
            draft.note(column.clone(), Problem::IdMangled, Effect::ValueDropped, masked);
        }
    }
}

fn need_key(draft: &mut Draft) {
    if draft.is_refused() {
        return;
    }
    if draft.row.name.is_empty() {
        draft.refuse(Problem::EmptyName);
    } else if draft.row.key().is_none() {
        draft.refuse(Problem::NoKey);
    }
}

fn find_duplicates(drafts: &mut [Draft], header: &Header) {
    let id_column = header.mapping.column(Field::IdNumber).map(|c| header.name(c));
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for index in 0..drafts.len() {
        let Some((before, [draft, ..])) = drafts.split_at_mut_checked(index) else {
            break;
        };
        if draft.is_refused() {
            continue;
        }
        let key = draft.row.key().unwrap_or_default().to_owned();
        if let Some(first) = by_key.get(&key).and_then(|first| before.get(*first)) {
            let first_row = first.row.row;
            let same = Field::ALL.iter().all(|f| first.row.get(*f) == draft.row.get(*f));
            draft.refuse(if same {
                Problem::DuplicateRow { first_row }
            } else {
                Problem::DuplicateKey { first_row }
            });
            continue;
        }
        by_key.insert(key, index);
        let Some(id) = draft.row.id_number.clone() else {
            continue;
        };
        if let Some(first) = by_id.get(&id).and_then(|first| before.get(*first)) {
            let problem = Problem::DuplicateId {
                first_row: first.row.row,
            };
            draft.note(
                id_column.clone(),
                problem,
                Effect::Kept,
                value::masked(Field::IdNumber, &id),
            );
        } else {
            by_id.insert(id, index);
        }
    }
}
