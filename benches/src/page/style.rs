//! How pictures look: no ground of their own, and ink that follows the reader's choice of light or dark.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Stands for the ink while a picture is drawn.
const INK: RGBColor = RGBColor(1, 2, 3);
const INK_TEXT: &str = "#010203";

pub(super) const FOREBAY: RGBColor = RGBColor(0x2f, 0x93, 0xc4);
pub(super) const TOKIO: RGBColor = RGBColor(0xd9, 0x77, 0x2b);
pub(super) const OTHER: RGBColor = RGBColor(0x8a, 0x8f, 0x98);
pub(super) const THIRD: RGBColor = RGBColor(0x5a, 0xa0, 0x5a);

/// What a contender is drawn in.
pub(super) fn color(contender: &str) -> RGBColor {
    match contender {
        name if name.starts_with("forebay") => FOREBAY,
        name if name.starts_with("tokio") => TOKIO,
        _ => OTHER,
    }
}

pub(super) fn ink(opacity: f64) -> RGBAColor {
    INK.mix(opacity)
}

/// Text that begins, or ends, at its point, and is centred on its height.
pub(super) fn text(size: i32, at: HPos) -> TextStyle<'static> {
    let font = ("system-ui, sans-serif", size).into_font();
    font.color(&INK).pos(Pos::new(at, VPos::Center))
}

/// Text along an axis.
pub(super) fn label(size: i32) -> TextStyle<'static> {
    ("system-ui, sans-serif", size).into_font().color(&INK)
}

/// Draws a picture of that size.
pub(super) fn picture(
    size: (u32, u32),
    about: &str,
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&root)?;
        root.present()?;
    }
    let head = svg.find("<svg").unwrap_or(0);
    let begins = svg[head..].find('>').map_or(0, |at| head + at + 1);
    let style = "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>";
    svg.insert_str(begins, &format!("\n{style}\n<title>{about}</title>"));
    Ok(svg.replace(INK_TEXT, "currentColor"))
}
