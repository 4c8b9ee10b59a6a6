//! The sixteen columns of a subject, as `people` and `orders` both hold them.
use crate::conn::Row;
use crate::error::StoreError;
use domain::Subject;
use rusqlite::ToSql;

macro_rules! fields {
    ($($field:ident),+ $(,)?) => {
        /// Reads a subject from its columns.
        pub(crate) fn read(row: &Row) -> Result<Subject, StoreError> {
            Ok(Subject { $($field: row.get(stringify!($field))?),+ })
        }
        /// The columns as named parameters.
        pub(crate) fn params(subject: &Subject) -> Vec<(&'static str, &dyn ToSql)> {
            vec![$((concat!(":", stringify!($field)), &subject.$field)),+]
        }
    };
}
fields!(
    name,
    masked_name,
    id_number,
    masked_id,
    sex,
    student_number,
    exam_number,
    school_code,
    faculty,
    major,
    level,
    years,
    class,
    entry_year,
    graduation_year,
    phone,
);
