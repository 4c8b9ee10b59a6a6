//! Names are safe whatever a sheet says.
use crate::world::{School, files, item, make};
use delivery::{Profile, ProfileError, Template};
use domain::Subject;
use proptest::prelude::*;

fn profile(image: &str) -> Result<Profile, ProfileError> {
    Profile::parse(&format!(
        "id = 'x'\ntitle = 'x'\nimage = '{image}'\nforms = ['json']\ncolumns = ['file']"
    ))
}

#[test]
fn templates_that_could_not_name_a_file_are_refused() {
    let said: Vec<_> = [
        "images/{student_number}",
        "{nobody}.jpg",
        "{class.jpg",
        "all.jpg",
        "/{id_number}.jpg",
        "../{id_number}.jpg",
        "a//{id_number}.jpg",
        "a:b/{id_number}.jpg",
        "{class}.jpg",
    ]
    .iter()
    .map(|t| format!("{t}: {}", Template::parse(t).unwrap_err()))
    .collect();
    expect_test::expect![[r#"
        images/{student_number}: a picture's name ends in .jpg
        {nobody}.jpg: there is no field {nobody}
        {class.jpg: the braces do not match
        all.jpg: a picture's name needs a field that differs from person to person
        /{id_number}.jpg: "" cannot be a folder or file name
        ../{id_number}.jpg: ".." cannot be a folder or file name
        a//{id_number}.jpg: "" cannot be a folder or file name
        a:b/{id_number}.jpg: "a:b" cannot be a folder or file name
        {class}.jpg: a picture's name needs a field that differs from person to person"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn profiles_that_do_not_hold_are_refused() {
    assert!(matches!(
        Profile::parse("id='x'\ntitle='x'\nimage='{id_number}.jpg'\nforms=[]\ncolumns=['face']"),
        Err(ProfileError::Column(c)) if c == "face"
    ));
    assert!(matches!(
        Profile::parse("id='../x'\ntitle='x'\nimage='{id_number}.jpg'\nforms=[]\ncolumns=['file']"),
        Err(ProfileError::Id)
    ));
    assert!(matches!(
        Profile::parse("id='x'\ntitle='x'\nimage='{id_number}.jpg'\nforms=[]\ncolumns=[]"),
        Err(ProfileError::Columns)
    ));
    assert_eq!(
        Profile::built_in().len(),
        3,
        "every profile that comes with the program holds"
    );
}

proptest! {
    #[test]
    fn no_value_leaves_the_package_or_hides_in_it(class in "\\PC{0,300}|[./\\\\:]{0,9}|\u{202e}x|CON|aux\\.b", number in "\\PC{1,300}|[./\\\\ ]{1,9}|NUL|com7") {
        let subject = Subject { class: Some(class), student_number: Some(number.clone()), ..Subject::default() };
        let school = School { items: vec![item(1, subject)], lists: Vec::new() };
        let made = make(&school, &profile("i/{class}/{student_number}.jpg").unwrap());
        let files = files(&made.pictures);
        let picture = files.keys().find(|n| n.ends_with(".jpg"));
        prop_assert_eq!(picture.is_some(), !number.trim().is_empty());
        if let Some(name) = picture {
            let parts: Vec<_> = name.split('/').collect();
            prop_assert_eq!(parts.len(), 3);
            for part in parts {
                prop_assert!(!part.is_empty() && part.len() <= 210, "{}", part);
                prop_assert!(!part.starts_with('.') && !part.ends_with(['.', ' ']), "{}", part);
                prop_assert!(!part.contains(['\\', ':', '*', '?', '"', '<', '>', '|', '\u{202e}']), "{}", part);
                let stem = part.split('.').next().unwrap().to_ascii_uppercase();
                prop_assert!(!["CON", "AUX", "NUL", "COM7"].contains(&stem.as_str()), "{}", part);
            }
        }
    }
}
