//! How often would a comparison of faces err? The figures behind the limits of `station::likeness`.
//!
//! `cargo run --release -p assess --example likeness [-- FOLDER]`. Pairs of two people are all pairs of the raw portraits. There is one
//! picture of each, so pairs of one person are made of it by the bank of `testkit`: the head turned, nodded and tilted by a mesh, the
//! mouth opened, the lids lowered, light, blur, glasses and hair changed. FOLDER holds a folder of real pictures for each person.
#![allow(clippy::print_stdout)]
use domain::{Faces, Point, RectPx};
use face::{FaceModels, Speed, Template};
use photo::{Limits, Picture, Scale, decode};
use std::path::{Path, PathBuf};
use testkit::bank::{DRAWINGS, Drawing, Sitter};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const SEED: u64 = 77;
/// Drawings that change a picture of a person as another moment of the same day might; most of them further than the check lets pass.
const MOMENTS: [(&str, &str); 17] = [
    ("yaw", "mesh"),
    ("pitch", "mesh"),
    ("roll", "turned"),
    ("open mouth", "jaw"),
    ("closed eyes", "lids down"),
    ("one-sided light", "ramp"),
    ("underexposed", "gain"),
    ("overexposed", "gain"),
    ("colour cast", "gain"),
    ("defocus", "disc"),
    ("motion", "line"),
    ("heavy JPEG", "encoded"),
    ("clean", "exposure"),
    ("clean", "fringe"),
    ("clean", "glasses"),
    ("clean", "shift"),
    ("clean", "backdrop"),
];

/// One person: the picture as it came, then each moment by its name.
struct Person {
    seen: Vec<(&'static str, Template)>,
}

fn main() -> Result<(), Failure> {
    let models = FaceModels::embedded()?;
    let people = people(&models)?;
    let others = pairs_of_others(&people);
    println!("{} people, {} pairs of others", people.len(), others.len());
    quantiles("others", &others);
    let mut all = Vec::new();
    for (defect, renderer) in MOMENTS {
        let of = |p: &Person| {
            let moment = p.seen.iter().find(|(n, _)| *n == name(defect, renderer));
            moment.map(|(_, t)| p.seen[0].1.distance(t))
        };
        let mut same: Vec<f32> = people.iter().filter_map(of).collect();
        same.sort_by(f32::total_cmp);
        quantiles(name(defect, renderer), &same);
        all.extend(same);
    }
    all.sort_by(f32::total_cmp);
    quantiles("one person, all moments", &all);
    limits(&all, &others);
    match std::env::args().nth(1) {
        Some(folder) => real(&models, Path::new(&folder)),
        None => Ok(()),
    }
}

fn name(defect: &'static str, renderer: &'static str) -> &'static str {
    if defect == "clean" { renderer } else { defect }
}

fn people(models: &FaceModels) -> Result<Vec<Person>, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/raw");
    let mut people = Vec::new();
    for file in sorted(&folder)? {
        let picture = read(&file)?;
        let Some((sitter, clean)) = sitter(models, &file, picture)? else {
            println!("{}: no face with a mask", file.display());
            continue;
        };
        let mut seen = vec![("clean", clean)];
        for (defect, renderer) in MOMENTS {
            let drawing = drawing(defect, renderer)?;
            let drawn = drawing.draw(&sitter, &sitter, SEED);
            let jpeg = photo::encode_jpeg(&drawn.picture, drawn.quality, 300)?;
            let again = decode(&jpeg, Scale::Full, &Limits::default())?.picture;
            if let Some(template) = template(models, &again)? {
                seen.push((name(defect, renderer), template));
            }
        }
        people.push(Person { seen });
    }
    Ok(people)
}

fn sitter(models: &FaceModels, file: &Path, picture: Picture) -> Result<Option<(Sitter, Template)>, Failure> {
    let (mut found, _) = models.find(&picture, Speed::Full)?;
    let Some(mask) = found.mask.take() else {
        return Ok(None);
    };
    let face = found.faces.swap_remove(0);
    let points: Vec<Point> = face.landmarks.iter().map(|p| p.xy()).collect();
    let Some(template) = models.template(&picture, &points)? else {
        return Ok(None);
    };
    let sitter = Sitter {
        name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        crop: RectPx::whole(picture.size()),
        picture,
        face,
        mask,
    };
    Ok(Some((sitter, template)))
}

fn drawing(defect: &str, renderer: &str) -> Result<&'static Drawing, Failure> {
    let found = DRAWINGS.iter().find(|d| d.defect == defect && d.renderer == renderer);
    found.ok_or_else(|| format!("no drawing {defect} {renderer}").into())
}

fn template(models: &FaceModels, picture: &Picture) -> Result<Option<Template>, Failure> {
    let (found, _): (Faces, _) = models.find(picture, Speed::Full)?;
    let Some(face) = found.main() else {
        return Ok(None);
    };
    let points: Vec<Point> = face.landmarks.iter().map(|p| p.xy()).collect();
    Ok(models.template(picture, &points)?)
}

/// Two people in the same moment each time: what is alike in two pictures (light, blur, glasses) is alike here too.
fn pairs_of_others(people: &[Person]) -> Vec<f32> {
    let mut far = Vec::new();
    for (i, a) in people.iter().enumerate() {
        for b in &people[..i] {
            for (moment, template) in &a.seen {
                let other = b.seen.iter().find(|(m, _)| m == moment);
                far.extend(other.map(|(_, o)| template.distance(o)));
            }
        }
    }
    far.sort_by(f32::total_cmp);
    far
}

fn quantiles(what: &str, sorted: &[f32]) {
    let at = |share: f32| sorted[((sorted.len() - 1) as f32 * share) as usize];
    println!(
        "{what:>24}: n {:6}  min {:.3}  1 % {:.3}  median {:.3}  95 % {:.3}  99 % {:.3}  max {:.3}",
        sorted.len(),
        at(0.0),
        at(0.01),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}

fn limits(same: &[f32], others: &[f32]) {
    println!("limit   one person beyond it   others within it");
    for step in 30..=85_u8 {
        let limit = f32::from(step) / 100.0;
        if step.is_multiple_of(5) || (45..=65).contains(&step) {
            let beyond = same.iter().filter(|d| **d > limit).count();
            let within = others.iter().filter(|d| **d <= limit).count();
            println!(
                "{limit:.2}    {:7.3} % ({beyond})    {:7.3} % ({within})",
                100.0 * beyond as f32 / same.len() as f32,
                100.0 * within as f32 / others.len() as f32
            );
        }
    }
}

/// Real pictures: every pair, by whether it shows one person.
fn real(models: &FaceModels, folder: &Path) -> Result<(), Failure> {
    let mut seen = Vec::new();
    for person in sorted(folder)? {
        for file in sorted(&person)? {
            if let Some(template) = template(models, &read(&file)?)? {
                seen.push((person.clone(), file, template));
            }
        }
    }
    for (i, (person, file, template)) in seen.iter().enumerate() {
        for (other, beside, against) in &seen[..i] {
            let what = if person == other { "one person" } else { "others" };
            let far = template.distance(against);
            println!("{far:.3} {what}: {} {}", file.display(), beside.display());
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Picture, Failure> {
    Ok(decode(&std::fs::read(file)?, Scale::Full, &Limits::default())?.picture)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    Ok(files)
}
