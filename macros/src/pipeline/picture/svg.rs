//! The picture as SVG.
//!
//! It stands inline in HTML: it brings no style sheet (that would reach the whole page), no blank line (that would end the HTML
//! in markdown), and takes its colour from the text around it.

use std::fmt::Write;

use super::path::{Path, Step};
use super::scene::{NodeBox, Scene, Tag};
use super::segment::{NOTE, RING, RING_GAP};
use super::{PKind, PNode, Picture, clip};

/// Around the drawing.
const MARGIN: f64 = 10.0;
/// The water in a ring, readable on white and on black.
const WATER: &str = "#2f93c4";
/// The corners of a port.
const ROUND: f64 = 16.0;
const FONT: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

pub(super) fn svg(picture: &Picture, scene: &Scene) -> String {
    let mut body = String::new();
    for frame in &scene.frames {
        let (x, y, w, h) = (N(frame.x), N(frame.y), N(frame.width), N(frame.height));
        line(
            &mut body,
            format_args!(
                r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="13" fill="currentColor" fill-opacity=".035" stroke="currentColor" stroke-opacity=".28"/>"#
            ),
        );
    }
    let dashes = |dashed: bool| if dashed { r#" stroke-dasharray="4 3.5""# } else { "" };
    line(
        &mut body,
        format_args!(r#"<g fill="none" stroke="currentColor" stroke-width="1.3" opacity=".72">"#),
    );
    for wire in &scene.wires {
        let head = if wire.arrow { r#" marker-end="url(#ARROW)""# } else { "" };
        line(
            &mut body,
            format_args!(r#"<path d="{}"{}{head}/>"#, d(&wire.path), dashes(wire.dashed)),
        );
    }
    body.push_str("</g>\n");
    scene.tags.iter().for_each(|drawn| tag(&mut body, drawn));
    scene
        .boxes
        .iter()
        .for_each(|drawn| node(&mut body, drawn, &picture.nodes[drawn.node]));
    let id = id(&picture.title, &body);
    let body = body.replace("ARROW", &format!("{id}-a"));
    let (width, height) = (scene.width + 2.0 * MARGIN, scene.height + 2.0 * MARGIN);
    // The opening tag has a line to itself: in markdown it then starts a block of HTML.
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-t {id}-d" width="{w}" height="{h}" viewBox="{x} {x} {w} {h}" style="max-width:100%;height:auto" font-family="{FONT}" text-anchor="middle">
<title id="{id}-t">{title}</title>
<desc id="{id}-d">{desc}</desc>
<defs><marker id="{id}-a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7.5" markerHeight="7.5" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .8 7.4 4 0 7.2Z" fill="currentColor"/></marker></defs>
{body}</svg>
"##,
        w = N(width),
        h = N(height),
        x = N(-MARGIN),
        title = escape(&picture.title),
        desc = escape(&description(picture)),
    )
}

fn node(body: &mut String, drawn: &NodeBox, node: &PNode) {
    let (x, y) = (drawn.x - drawn.width / 2.0, drawn.y);
    let (w, h) = (drawn.width, drawn.height);
    let note = clip(&node.note, NOTE);
    line(body, format_args!("<g>"));
    if !node.note.is_empty() {
        line(
            body,
            format_args!("<title>{}: {}</title>", escape(&node.name), escape(&node.note)),
        );
    }
    let rect = |rx: f64, paint: &str| {
        format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="{}" {paint}/>"#,
            N(x),
            N(y),
            N(w),
            N(h),
            N(rx)
        )
    };
    let plain = r#"fill="currentColor" fill-opacity=".07" stroke="currentColor" stroke-width="1.3""#;
    let port = format!(r#"fill="{WATER}" fill-opacity=".16" stroke="{WATER}" stroke-width="1.6""#);
    let shape = match node.kind {
        PKind::Stage => rect(7.0, plain),
        PKind::Input | PKind::Output => rect(ROUND, &port),
        PKind::Topic => {
            rect(ROUND, &port)
                + &format!(
                    r#"<path d="M{l} {t}v{d}M{r} {t}v{d}" stroke="{WATER}" stroke-width="1.6"/>"#,
                    l = N(x + 12.0),
                    r = N(x + w - 12.0),
                    t = N(y),
                    d = N(h)
                )
        }
        PKind::Source => {
            let (l, r, m, e) = (N(x), N(x + w), N(y + h / 2.0), 9.0);
            format!(
                r#"<path d="M{l} {m} {} {} {} {} {r} {m} {} {} {} {}Z" {plain} stroke-linejoin="round"/>"#,
                N(x + e),
                N(y),
                N(x + w - e),
                N(y),
                N(x + w - e),
                N(y + h),
                N(x + e),
                N(y + h)
            )
        }
        PKind::Fork => format!(
            r#"<circle cx="{}" cy="{}" r="4" fill="currentColor"/>"#,
            N(drawn.x),
            N(y + h / 2.0)
        ),
        PKind::Drop => {
            let (cx, cy, r) = (drawn.x, y + h / 2.0, 8.0);
            let (s, c) = (r * 0.707, r * 0.707);
            format!(
                r#"<path d="M{} {}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0M{} {} {} {}" fill="none" stroke="currentColor" stroke-width="1.3"/>"#,
                N(cx - r),
                N(cy),
                N(2.0 * r),
                N(-2.0 * r),
                N(cx - c),
                N(cy + s),
                N(cx + c),
                N(cy - s)
            )
        }
    };
    line(body, format_args!("{shape}"));
    if !matches!(node.kind, PKind::Fork | PKind::Drop) {
        let base = if note.is_empty() { y + h / 2.0 + 4.4 } else { y + 18.5 };
        let name = escape(&node.name);
        line(
            body,
            format_args!(
                r#"<text x="{}" y="{}" font-size="13" font-weight="600" fill="currentColor">{name}</text>"#,
                N(drawn.x),
                N(base)
            ),
        );
        if !note.is_empty() {
            let note = escape(&note);
            line(
                body,
                format_args!(
                    r#"<text x="{}" y="{}" font-size="10.5" fill="currentColor" fill-opacity=".75">{note}</text>"#,
                    N(drawn.x),
                    N(y + 33.5)
                ),
            );
        }
    }
    body.push_str("</g>\n");
}

/// What stands on an edge: the slots of its ring, the lower half full, and its texts.
fn tag(body: &mut String, tag: &Tag) {
    let text = |body: &mut String, x: f64, y: f64, style: &str, text: &str| {
        let text = escape(text);
        line(
            body,
            format_args!(
                r#"<text x="{}" y="{}" font-size="10.5" text-anchor="start" fill="currentColor"{style}>{text}</text>"#,
                N(x),
                N(y)
            ),
        );
    };
    let label = r#" fill-opacity=".75" font-style="italic""#;
    let Some(ring) = &tag.ring else {
        return text(
            body,
            tag.x + RING_GAP,
            tag.y + 10.5,
            label,
            tag.label.as_deref().unwrap_or_default(),
        );
    };
    let (x, w, h) = (tag.x - RING.0 / 2.0, RING.0, RING.1);
    let slot = h / 4.0;
    line(
        body,
        format_args!(
            r#"<path d="M{x} {}h{w}v{}a3 3 0 0 1-3 3h-{}a3 3 0 0 1-3-3Z" fill="{WATER}" fill-opacity=".55"/>"#,
            N(tag.y + 2.0 * slot),
            N(2.0 * slot - 3.0),
            N(w - 6.0),
            x = N(x),
            w = N(w)
        ),
    );
    line(
        body,
        format_args!(
            r#"<path d="M{x} {}h{w}m-{w} {s}h{w}m-{w} {s}h{w}" stroke="{WATER}" stroke-opacity=".8" fill="none"/>"#,
            N(tag.y + slot),
            s = N(slot),
            x = N(x),
            w = N(w)
        ),
    );
    line(
        body,
        format_args!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="none" stroke="{WATER}" stroke-width="1.4"/>"#,
            N(x),
            N(tag.y),
            N(w),
            N(h)
        ),
    );
    let beside = tag.x + w / 2.0 + RING_GAP;
    match &tag.label {
        None => text(body, beside, tag.y + h / 2.0 + 3.6, "", ring),
        Some(name) => {
            text(body, beside, tag.y + 10.0, label, name);
            text(body, beside, tag.y + 24.0, "", ring);
        }
    }
}

/// A path in SVG's own words.
fn d(path: &Path) -> String {
    let mut d = format!("M{} {}", N(path.start.0), N(path.start.1));
    let mut at = path.start;
    for step in &path.steps {
        let _ = match *step {
            Step::Line(to) if to.0 == at.0 => write!(d, "V{}", N(to.1)),
            Step::Line(to) => write!(d, "L{} {}", N(to.0), N(to.1)),
            Step::Sway(to) => {
                let middle = (at.1 + to.1) / 2.0;
                write!(
                    d,
                    "C{} {} {} {} {} {}",
                    N(at.0),
                    N(middle),
                    N(to.0),
                    N(middle),
                    N(to.0),
                    N(to.1)
                )
            }
            Step::Turn { corner, to } => write!(d, "Q{} {} {} {}", N(corner.0), N(corner.1), N(to.0), N(to.1)),
        };
        at = step.end();
    }
    d
}

/// The edges in a sentence each, for who cannot see them.
fn description(picture: &Picture) -> String {
    let sentences = picture.edges.iter().map(|edge| {
        let label = edge.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        let ring = edge
            .ring
            .as_ref()
            .map(|ring| format!(" over a ring of {ring}"))
            .unwrap_or_default();
        format!(
            "{}{label} to {}{ring}.",
            picture.nodes[edge.from].name, picture.nodes[edge.to].name
        )
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// An id that no other picture on the page has: FNV-1a over what is drawn.
fn id(title: &str, body: &str) -> String {
    let hash = title
        .bytes()
        .chain(body.bytes())
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("forebay-{hash:016x}")
}

/// A line of the drawing.
fn line(body: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(body, "{text}");
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A number with at most one decimal.
struct N(f64);

impl std::fmt::Display for N {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        if tenths == 0.0 {
            f.write_str("0")
        } else {
            write!(f, "{tenths}")
        }
    }
}
