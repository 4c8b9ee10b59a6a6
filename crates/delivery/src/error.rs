//! What can go wrong while a package is made, and while a profile is read.

/// Whatever the source of a package says went wrong.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// A package that was not finished. What was written of it is of no use.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The source failed.
    #[error("reading what goes into the package: {0}")]
    Source(#[source] SourceError),
    /// Writing failed.
    #[error("{doing}: {source}")]
    Files {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The zip cannot be written.
    #[error("writing the zip: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The sheet cannot be written.
    #[error("writing the xlsx list: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// A list cannot be written as text.
    #[error("writing the csv list: {0}")]
    Csv(#[from] csv::Error),
    /// A list cannot be written as JSON.
    #[error("writing the json list: {0}")]
    Json(#[from] serde_json::Error),
    /// The profile allows nothing but pictures in the zip, and there is no second place for the papers.
    #[error("profile {profile} needs a second file for its papers")]
    NoPlaceForPapers {
        /// The profile.
        profile: String,
    },
    /// The source gave more rows than a sheet can hold.
    #[error("a list has more than {most} rows")]
    TooManyRows {
        /// The most a list may have.
        most: usize,
    },
}

impl DeliveryError {
    pub(crate) fn files(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Files { doing, source }
    }
}

/// Why a text is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML of the known shape.
    #[error("the profile does not read: {0}")]
    Shape(#[from] toml::de::Error),
    /// Its id is no id.
    #[error("a profile's id has 1 to 40 lower-case letters, digits and dashes")]
    Id,
    /// The picture's name does not hold.
    #[error("image: {0}")]
    Image(#[from] TemplateError),
    /// A column nobody knows.
    #[error("there is no column {0:?}")]
    Column(String),
    /// No column, or one twice.
    #[error("columns must name each column once, and at least one")]
    Columns,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field nobody knows.
    #[error("there is no field {{{0}}}")]
    Field(String),
    /// An open brace without its end, or an end without its beginning.
    #[error("the braces do not match")]
    Braces,
    /// It does not end in `.jpg`.
    #[error("a picture's name ends in .jpg")]
    Ending,
    /// It has no field, so that all pictures would have one name.
    #[error("a picture's name needs a field that differs from person to person")]
    NoKey,
    /// A folder is empty, `.`, `..` or absolute, or a letter is not allowed in file names.
    #[error("{0:?} cannot be a folder or file name")]
    Name(String),
}
