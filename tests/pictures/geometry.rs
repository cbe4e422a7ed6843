//! Where the parts of an SVG stand.

/// How far two rounded coordinates may be apart.
const ROUNDING: f64 = 0.3;

#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.x <= other.x + ROUNDING
            && self.y <= other.y + ROUNDING
            && self.right + ROUNDING >= other.right
            && self.bottom + ROUNDING >= other.bottom
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.x + ROUNDING < other.right
            && other.x + ROUNDING < self.right
            && self.y + ROUNDING < other.bottom
            && other.y + ROUNDING < self.bottom
    }

    /// How far a point is from the border, inside or outside.
    pub(super) fn distance_to_border(&self, (x, y): (f64, f64)) -> f64 {
        let outside = [self.x - x, x - self.right, self.y - y, y - self.bottom].into_iter().fold(0.0, f64::max);
        let inside = [x - self.x, self.right - x, y - self.y, self.bottom - y].into_iter().fold(f64::MAX, f64::min);
        outside.max(inside)
    }
}

pub(super) fn number(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or_else(|| panic!("{node:?} has no {name}"));
    text.parse().unwrap_or_else(|_| panic!("{node:?}: {name} is {text}"))
}

pub(super) fn has_class(node: roxmltree::Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|own| own == class))
}

pub(super) fn rect_of(node: roxmltree::Node<'_, '_>) -> Rect {
    let (x, y) = (number(node, "x"), number(node, "y"));
    Rect { x, y, right: x + number(node, "width"), bottom: y + number(node, "height") }
}

/// Reads the box around a path with the commands M, L, H, V, A, Q and Z, whose points are absolute.
pub(super) fn points(path: &str) -> Vec<(f64, f64)> {
    let spaced: String =
        path.chars().flat_map(|c| if c.is_ascii_alphabetic() { vec![' ', c, ' '] } else { vec![c] }).collect();
    let mut tokens = spaced.split_whitespace().peekable();
    let (mut out, mut command, mut at) = (Vec::new(), "M", (0.0, 0.0));
    while let Some(token) = tokens.peek() {
        if token.chars().all(|c| c.is_ascii_alphabetic()) {
            command = tokens.next().unwrap();
            continue;
        }
        let mut next = || tokens.next().unwrap().parse::<f64>().unwrap();
        match command {
            "M" | "L" => at = (next(), next()),
            "H" => at.0 = next(),
            "V" => at.1 = next(),
            "Q" => {
                let _control = (next(), next());
                at = (next(), next());
            }
            "A" => {
                let (rx, ry) = (next(), next());
                let _flags = (next(), next(), next());
                let end = (next(), next());
                // An arc of a lying cylinder bulges to the side.
                if (at.0 - end.0).abs() < ROUNDING {
                    out.push((if end.1 > at.1 { at.0 + rx } else { at.0 - rx }, at.1));
                } else {
                    out.push((at.0, at.1.min(at.1 - ry * (end.0 - at.0).signum())));
                    out.push((at.0, at.1.max(at.1 - ry * (end.0 - at.0).signum())));
                }
                at = end;
            }
            other => panic!("{path}: {other}"),
        }
        out.push(at);
    }
    out
}

pub(super) fn around(points: &[(f64, f64)]) -> Rect {
    let (xs, ys) = (points.iter().map(|point| point.0), points.iter().map(|point| point.1));
    Rect {
        x: xs.clone().fold(f64::MAX, f64::min),
        y: ys.clone().fold(f64::MAX, f64::min),
        right: xs.fold(f64::MIN, f64::max),
        bottom: ys.fold(f64::MIN, f64::max),
    }
}

pub(super) fn shape_of(node: roxmltree::Node<'_, '_>) -> Rect {
    let shape = node.descendants().find(|child| has_class(*child, "shape")).unwrap();
    match shape.tag_name().name() {
        "rect" => rect_of(shape),
        _ => around(&points(shape.attribute("d").unwrap())),
    }
}

pub(super) fn title_of<'d>(node: roxmltree::Node<'d, '_>) -> &'d str {
    node.children().find(|child| child.has_tag_name("title")).and_then(|title| title.text()).unwrap_or_default()
}

/// Leaves out what XML cannot hold.
pub(super) fn drawable(text: &str) -> String {
    text.chars()
        .filter(|&c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}
