//! Which numbers does `pose.rs` take as the face that looks straight ahead?
use domain::Point3;
use face::{FaceModels, Speed};
use photo::{Limits, Scale, decode};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let models = FaceModels::embedded()?;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits");
    let labels = std::fs::read_to_string(root.join("labels.csv"))?;
    for line in labels.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let bytes = std::fs::read(root.join("raw").join(cells[0]))?;
        let picture = decode(&bytes, Scale::Full, &Limits::default())?.picture;
        let (faces, t) = models.find(&picture, Speed::Full)?;
        let (live, tl) = models.find(&picture, Speed::Live)?;
        println!(
            "{} n={} live={} {:?} {:?}",
            cells[0],
            faces.faces.len(),
            live.faces.len(),
            t,
            tl.total()
        );
        if let Some(f) = faces.main() {
            println!(
                "  score {} presence {} live presence {:?} {:?} {:?} mouth {} eyes {}",
                f.score,
                f.presence,
                live.main().map(|f| f.presence),
                f.blendshapes,
                f.bounds,
                cells[9],
                cells[5]
            );
        }
    }
    Ok(())
}
