//! What is said of a photo (manual 2.5).

use papers::photo::{Fault, Look, look};

use crate::scene::{Scene, printed};

fn seen(scene: Scene) -> Look {
    look(&scene.file(&printed(5.0)).path).expect("a photo")
}

#[test]
fn scratch() {
    for (name, scene) in [
        ("good", Scene::default()),
        ("2", Scene { tilt: 2.0, ..Scene::default() }),
        ("5", Scene { tilt: 5.0, sheet: 0.85, ..Scene::default() }),
        ("12", Scene { tilt: -12.0, sheet: 0.75, ..Scene::default() }),
        ("blur1", Scene { blur: 1.0, ..Scene::default() }),
        ("blur2", Scene { blur: 2.0, ..Scene::default() }),
        ("blur3", Scene { blur: 3.0, ..Scene::default() }),
        ("blur4", Scene { blur: 4.0, ..Scene::default() }),
        ("blur6", Scene { blur: 6.0, ..Scene::default() }),
        ("noise", Scene { noise: 8.0, ..Scene::default() }),
        ("noise blur4", Scene { noise: 8.0, blur: 4.0, ..Scene::default() }),
        ("far", Scene { sheet: 0.6, ..Scene::default() }),
        ("very far", Scene { sheet: 0.35, ..Scene::default() }),
        ("dark", Scene { light: 0.3, ..Scene::default() }),
        ("dim", Scene { light: 0.55, ..Scene::default() }),
        ("slant", Scene { slant: 0.18, ..Scene::default() }),
        ("fold", Scene { folded: 0.35, ..Scene::default() }),
        ("cut", Scene { moved: (0.2, 0.0), ..Scene::default() }),
        ("frame", Scene { sheet: 1.5, tilt: 6.0, ..Scene::default() }),
        ("white desk", Scene { desk: [225, 225, 222], ..Scene::default() }),
        ("grey desk", Scene { desk: [140, 140, 140], ..Scene::default() }),
        ("3024", Scene { sides: (3024, 4032), blur: 1.0, ..Scene::default() }),
        ("3024 b2", Scene { sides: (3024, 4032), blur: 2.0, ..Scene::default() }),
        ("3024 b4", Scene { sides: (3024, 4032), blur: 4.0, ..Scene::default() }),
        ("3024 b8", Scene { sides: (3024, 4032), blur: 8.0, ..Scene::default() }),
        ("1080", Scene { sides: (1080, 1440), ..Scene::default() }),
        ("1080 b2", Scene { sides: (1080, 1440), blur: 2.0, ..Scene::default() }),
        ("600", Scene { sides: (600, 800), ..Scene::default() }),
    ] {
        let begun = std::time::Instant::now();
        let file = scene.file(&printed(5.0));
        let made = begun.elapsed();
        let begun = std::time::Instant::now();
        let look = look(&file.path).expect("a photo");
        let took = begun.elapsed();
        let codes: Vec<_> = look.findings.iter().map(|f| format!("{}:{:?}", f.fault.code(), f.grade)).collect();
        let sheet = look.sheet.as_ref().map(|s| format!("share {:.2} flat {:.3} slant {:.3} out {}", s.share, s.flat, s.slant, s.outside));
        eprintln!("{name:12} tilt {:?} blur {:?} light {} {sheet:?} {codes:?} {made:.1?} {took:.1?}", look.tilt.map(|t| (t*100.0).round()/100.0), look.blur.map(|t| (t*100.0).round()/100.0), look.light);
    }
}
