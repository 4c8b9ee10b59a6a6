//! Who is in the demo? Thirty invented people; the first 24 lend their faces from `tests/portraits/studio`.
use domain::code::DemoDecoder;
use domain::id_number::IdNumber;

/// An invented person.
pub struct Person {
    /// Stem of the frame in which their face is seen.
    pub frame: Option<&'static str>,
    pub name: &'static str,
    pub sex: Sex,
    /// Place on the list, from 1.
    pub place: usize,
    pub id_number: String,
}

/// As the list writes it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Man,
    Woman,
}

/// Faces and the names given to them. The names are invented and are not those of the people in the portraits.
const FACES: [(&str, &str, Sex); 24] = [
    ("antonio-delgado", "江一帆", Sex::Man),
    ("benjamin-cardin", "沈嘉树", Sex::Man),
    ("byron-donalds", "方知行", Sex::Man),
    ("cory-booker", "顾晨光", Sex::Man),
    ("cynthia-lummis", "苏清禾", Sex::Woman),
    ("dutch-ruppersberger", "程以恒", Sex::Man),
    ("jack-bergman", "秦望川", Sex::Man),
    ("jefferson-van-drew", "陆景明", Sex::Man),
    ("john-boozman", "欧阳牧", Sex::Man),
    ("judy-chu", "林小满", Sex::Woman),
    ("kweisi-mfume", "贺云舟", Sex::Man),
    ("mary-gay-scanlon", "许若溪", Sex::Woman),
    ("pete-stauber", "罗子谦", Sex::Man),
    ("rand-paul", "温书言", Sex::Man),
    ("richard-blumenthal", "蒋承宇", Sex::Man),
    ("richard-burr", "彭远山", Sex::Man),
    ("richard-shelby", "谢知秋", Sex::Man),
    ("rob-portman", "夏明朗", Sex::Man),
    ("roger-williams", "唐北辰", Sex::Man),
    ("ron-johnson", "龙在田", Sex::Man),
    ("roy-blunt", "石敬轩", Sex::Man),
    ("steve-daines", "阿不都热合曼·艾山", Sex::Man),
    ("ted-cruz", "严修远", Sex::Man),
    ("thomas-tiffany", "易安之", Sex::Man),
];

/// On the list, without a face: they stay away on the demo day.
const ABSENT: [(&str, Sex); 6] = [
    ("白露", Sex::Woman),
    ("司徒静姝", Sex::Woman),
    ("黎思远", Sex::Man),
    ("㛃颖", Sex::Woman),
    ("卓玛央金", Sex::Woman),
    ("郑龑", Sex::Man),
];

/// Everybody, in the order of the list.
pub fn all() -> Result<Vec<Person>, String> {
    let faces = FACES.iter().map(|(frame, name, sex)| (Some(*frame), *name, *sex));
    let absent = ABSENT.iter().map(|(name, sex)| (None, *name, *sex));
    faces
        .chain(absent)
        .enumerate()
        .map(|(index, (frame, name, sex))| {
            let place = index + 1;
            Ok(Person {
                frame,
                name,
                sex,
                place,
                id_number: id_number(place, sex)?,
            })
        })
        .collect()
}

/// A number whose check digit holds: area 430102, born in 2008, serials from 901, which registries give out last.
fn id_number(place: usize, sex: Sex) -> Result<String, String> {
    // The 17th digit is odd for a man, even for a woman (GB 11643-1999).
    let serial = 900 + place / 2 % 40 * 2 + usize::from(sex == Sex::Man);
    let body = format!("4301022008{:02}{:02}{serial:03}", place % 12 + 1, place % 28 + 1);
    let check = IdNumber::check_digit(body.as_bytes()).ok_or("an ID number of the demo has a wrong form")?;
    let number = format!("{body}{}", char::from(check));
    IdNumber::parse(&number).map_err(|e| e.to_string())?;
    Ok(number)
}

impl Person {
    pub fn student_number(&self) -> String {
        format!("202601{:04}", self.place)
    }
    pub fn exam_number(&self) -> String {
        format!("26430102110{:03}", self.place)
    }
    /// No operator gives out numbers that begin with 10.
    pub fn phone(&self) -> String {
        format!("10000000{:03}", self.place)
    }
    pub fn sex(&self) -> &'static str {
        match self.sex {
            Sex::Man => "男",
            Sex::Woman => "女",
        }
    }
    pub fn faculty(&self) -> (&'static str, &'static str, &'static str) {
        match self.place % 3 {
            0 => ("影像学院", "数字媒体技术", "数媒2601"),
            1 => ("信息学院", "软件工程", "软件2601"),
            _ => ("文学院", "汉语言文学", "中文2601"),
        }
    }
    /// The demo's collection code of the person with this frame.
    pub fn code(&self, frame: &str) -> String {
        DemoDecoder::encode(
            frame,
            &domain::mask::name(self.name),
            &domain::mask::id_number(&self.id_number),
        )
    }
}
