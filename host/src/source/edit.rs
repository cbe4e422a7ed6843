//! Edits a JSON text in place, so that it says something else and everything that did not change stays as it was written:
//! the order of keys, indentation, escapes, numbers.

mod value;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use self::value::{brackets, identity, is_empty, is_equal, items, push_key, spaced};
use super::json::{Json, Kind};

/// A part of a text and what stands there instead.
#[derive(Debug)]
struct Edit {
    /// The bytes that are replaced; empty where something is inserted.
    range: Range<usize>,
    text: String,
}

/// What happens to a member of an object.
#[derive(Debug)]
pub enum MemberChange<'v> {
    /// It stays as it is.
    Keep,
    /// It says what this slice of another text says. What is equal is not edited; new members and elements are laid out
    /// as those around them; a member whose value is empty, and that the new value does not have, stays.
    Set(Json<'v>),
    /// It goes.
    Remove,
    /// Members of it change. Where there is none, it says what this slice of another text says.
    Inside(Vec<(String, MemberChange<'v>)>, Json<'v>),
}

/// Where a new member stands that no member is listed before.
#[derive(Clone, Copy)]
enum NewMembers {
    AtStart,
    AtEnd,
}

/// Changes members of the object that a text is, and returns the new text. A new member stands behind the one that is
/// listed before it, and behind the last one where none is.
pub fn edited(text: &str, changes: &[(String, MemberChange<'_>)]) -> Result<String, serde_json::Error> {
    let root = Json::parse(text)?;
    let mut editor = Editor {
        text,
        unit: unit(text),
        line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
        is_open: text.trim().contains('\n'),
        edits: Vec::new(),
    };
    editor.members(root, changes, NewMembers::AtEnd);
    Ok(apply(text, editor.edits))
}

/// Applies edits that do not overlap.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    // Where something is inserted at the start of what is replaced, it comes first.
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    for edit in edits {
        out.push_str(&text[done..edit.range.start]);
        out.push_str(&edit.text);
        done = edit.range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// The indentation of one level: that of the first line that has any, else two spaces.
fn unit(text: &str) -> &str {
    let indent = |line: &'_ str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let line = text.lines().take(1000).find(|line| indent(line) > 0 && !line.trim().is_empty());
    line.map_or("  ", |line| &line[..indent(line)])
}

struct Editor<'t> {
    text: &'t str,
    unit: &'t str,
    line_end: &'static str,
    /// Whether the text has more than one line.
    is_open: bool,
    edits: Vec<Edit>,
}

/// A member or element that goes into a container: its key, and its value.
type New<'v> = (Option<&'v str>, Json<'v>);

impl<'t> Editor<'t> {
    fn value(&mut self, value: Json<'t>, target: Json<'_>) {
        match (value.kind(), target.kind()) {
            _ if is_equal(value, target) => {}
            (Kind::Object, Kind::Object) => self.object(value, target),
            (Kind::Array, Kind::Array) => self.array(value, &target.elements()),
            _ => {
                let range = value.range(self.text);
                let layout = Layout { indent: self.indent(range.start), is_open: value.raw().contains('\n') };
                let text = self.written(target, &layout);
                self.edits.push(Edit { range, text });
            }
        }
    }

    fn object(&mut self, value: Json<'t>, target: Json<'_>) {
        let wanted = target.members();
        let mut changes: Vec<(String, MemberChange<'_>)> = wanted
            .iter()
            .map(|member| (member.key.string().unwrap_or_default().into_owned(), MemberChange::Set(member.value)))
            .collect();
        let known: HashSet<String> = changes.iter().map(|(key, _)| key.clone()).collect();
        for member in value.members() {
            let key = member.key.string().unwrap_or_default();
            if !known.contains(key.as_ref()) && !is_empty(member.value) {
                changes.push((key.into_owned(), MemberChange::Remove));
            }
        }
        self.members(value, &changes, NewMembers::AtStart);
    }

    /// Changes members of an object. What is new stands behind the one that is listed before it.
    fn members(&mut self, value: Json<'t>, changes: &[(String, MemberChange<'_>)], new: NewMembers) {
        let members = value.members();
        let mut before = match new {
            NewMembers::AtStart => None,
            NewMembers::AtEnd => members.len().checked_sub(1),
        };
        let places: HashMap<Cow<'_, str>, usize> = members
            .iter()
            .enumerate()
            .map(|(place, member)| (member.key.string().unwrap_or_default(), place))
            .collect();
        let mut slots = Slots::of(members.len());
        for (key, change) in changes {
            let place = places.get(key.as_str()).copied();
            match (change, place) {
                (MemberChange::Set(target) | MemberChange::Inside(_, target), None) => {
                    slots.insert(before, (Some(key.as_str()), *target));
                }
                (MemberChange::Set(target), Some(place)) => self.value(members[place].value, *target),
                (MemberChange::Inside(inner, _), Some(place)) => {
                    self.members(members[place].value, inner, NewMembers::AtEnd);
                }
                (MemberChange::Remove, Some(place)) => slots.removed[place] = true,
                (MemberChange::Keep, _) | (MemberChange::Remove, None) => {}
            }
            before = place.or(before);
        }
        let ranges = members.iter().map(|member| member.key.range(self.text).start..member.value.range(self.text).end);
        let ranges: Vec<Range<usize>> = ranges.collect();
        self.container(value, &ranges, slots);
    }

    fn array(&mut self, value: Json<'t>, target: &[Json<'_>]) {
        let elements = value.elements();
        let mut positions: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, element) in target.iter().enumerate().rev() {
            positions.entry(identity(*element)).or_default().push(position);
        }
        let mut slots = Slots::of(elements.len());
        let (mut next, mut before) = (0, None);
        for (place, element) in elements.iter().enumerate() {
            let left = positions.get_mut(&identity(*element));
            let found = left.and_then(|left| {
                while left.last().is_some_and(|position| *position < next) {
                    left.pop();
                }
                left.pop()
            });
            let Some(found) = found else {
                slots.removed[place] = true;
                continue;
            };
            for new in &target[next..found] {
                slots.insert(before, (None, *new));
            }
            self.value(*element, target[found]);
            (next, before) = (found + 1, Some(place));
        }
        // What takes the place of an element that is gone stands where that stood.
        for new in &target[next..] {
            slots.insert(elements.len().checked_sub(1), (None, *new));
        }
        let ranges: Vec<Range<usize>> = elements.iter().map(|element| element.range(self.text)).collect();
        self.container(value, &ranges, slots);
    }

    /// Takes items out of an object or a list, and puts new ones in.
    fn container(&mut self, value: Json<'t>, items: &[Range<usize>], slots: Slots<'_>) {
        if slots.is_unchanged() {
            return;
        }
        let whole = value.range(self.text);
        let inner = whole.start + 1..whole.end - 1;
        let layout = self.layout(&inner, items);
        let separator = self.separator(&layout, items);
        let kept = |place: usize| !slots.removed[place];
        let is_any_kept = (0..items.len()).any(kept);
        if !is_any_kept {
            let all: Vec<New<'_>> = slots.inserted.iter().flatten().copied().collect();
            self.replace_inner(inner, &layout, &all);
            return;
        }
        let first_kept = (0..items.len()).find(|place| kept(*place)).unwrap_or_default();
        // What comes before the first that is kept is written before it, the rest behind what it follows.
        let mut ahead: Vec<New<'_>> = Vec::new();
        let mut last = first_kept;
        let mut behind: Vec<(usize, Vec<New<'_>>)> = Vec::new();
        for (slot, new) in slots.inserted.iter().enumerate() {
            if slot.checked_sub(1).is_some_and(kept) {
                last = slot - 1;
            }
            if new.is_empty() {
                continue;
            }
            if slot <= first_kept { ahead.extend(new) } else { behind.push((last, new.clone())) }
        }
        if first_kept > 0 {
            self.edits.push(Edit { range: items[0].start..items[first_kept].start, text: String::new() });
        }
        if !ahead.is_empty() {
            let mut text = String::new();
            for new in ahead {
                self.item(&mut text, new, &layout);
                text.push_str(&separator);
            }
            let at = items[0].start;
            match self.edits.last_mut().filter(|edit| edit.range.start == at && first_kept > 0) {
                Some(edit) => edit.text = text,
                None => self.edits.push(Edit { range: at..at, text }),
            }
        }
        let mut end = items[first_kept].end;
        for (place, item) in items.iter().enumerate().skip(first_kept + 1) {
            if !kept(place) {
                self.edits.push(Edit { range: end..item.end, text: String::new() });
            }
            end = item.end;
        }
        for (place, new) in behind {
            let mut text = String::new();
            for new in new {
                text.push_str(&separator);
                self.item(&mut text, new, &layout);
            }
            let at = items[place].end;
            self.edits.push(Edit { range: at..at, text });
        }
    }

    /// Writes the inside of a container of which nothing stays.
    fn replace_inner(&mut self, inner: Range<usize>, layout: &Layout, all: &[New<'_>]) {
        let mut text = String::new();
        for (position, new) in all.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            match (layout.is_open, position) {
                (true, _) => text.push_str(&format!("{}{}", self.line_end, layout.indent)),
                (false, 0) => {}
                (false, _) => text.push(' '),
            }
            self.item(&mut text, *new, layout);
        }
        if layout.is_open && !all.is_empty() {
            let outer = layout.indent.strip_suffix(self.unit).unwrap_or(&layout.indent);
            text.push_str(&format!("{}{outer}", self.line_end));
        }
        self.edits.push(Edit { range: inner, text });
    }

    /// What stands between two items: what stands there already, else what the layout says.
    fn separator(&self, layout: &Layout, items: &[Range<usize>]) -> String {
        match items {
            [first, second, ..] => self.text[first.end..second.start].to_owned(),
            _ if layout.is_open => format!(",{}{}", self.line_end, layout.indent),
            _ => ", ".to_owned(),
        }
    }

    /// How the items of a container are laid out.
    fn layout(&self, inner: &Range<usize>, items: &[Range<usize>]) -> Layout {
        match items.first() {
            Some(first) => {
                let lead = &self.text[inner.start..first.start];
                let is_open = lead.contains('\n');
                let indent = if is_open { self.indent(first.start) } else { self.indent(inner.start) };
                Layout { indent, is_open }
            }
            // What was empty is laid out as the document is.
            None => Layout { indent: format!("{}{}", self.indent(inner.start), self.unit), is_open: self.is_open },
        }
    }

    /// The white space at the start of the line of a byte.
    fn indent(&self, at: usize) -> String {
        if !self.is_open {
            return String::new();
        }
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = &self.text[start..at];
        line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_owned()
    }

    fn item(&self, out: &mut String, (key, value): New<'_>, layout: &Layout) {
        push_key(out, key);
        out.push_str(&self.written(value, layout));
    }

    /// A value as text: over several lines where those around it are.
    fn written(&self, value: Json<'_>, layout: &Layout) -> String {
        let mut out = String::new();
        if layout.is_open {
            self.open(&mut out, value, &layout.indent)
        } else {
            spaced(&mut out, value)
        }
        out
    }

    /// Writes a value with a line for each of its members and elements.
    fn open(&self, out: &mut String, value: Json<'_>, indent: &str) {
        let items = items(value);
        let Some([start, end]) = brackets(value).filter(|_| !items.is_empty()) else {
            return spaced(out, value);
        };
        let inner = format!("{indent}{}", self.unit);
        out.push(start);
        for (position, (key, value)) in items.into_iter().enumerate() {
            out.push_str(if position > 0 { "," } else { "" });
            out.push_str(self.line_end);
            out.push_str(&inner);
            push_key(out, key.as_deref());
            self.open(out, value, &inner);
        }
        out.push_str(self.line_end);
        out.push_str(indent);
        out.push(end);
    }
}

/// How the items of a container are laid out.
struct Layout {
    /// The white space before an item that has a line of its own.
    indent: String,
    /// Whether each has a line of its own.
    is_open: bool,
}

/// What happens to the items of a container.
struct Slots<'v> {
    removed: Vec<bool>,
    /// What is new before the first item, behind the first, behind the second …
    inserted: Vec<Vec<New<'v>>>,
}

impl<'v> Slots<'v> {
    fn of(items: usize) -> Self {
        Self { removed: vec![false; items], inserted: vec![Vec::new(); items + 1] }
    }

    fn insert(&mut self, behind: Option<usize>, new: New<'v>) {
        self.inserted[behind.map_or(0, |place| place + 1)].push(new);
    }

    fn is_unchanged(&self) -> bool {
        !self.removed.contains(&true) && self.inserted.iter().all(Vec::is_empty)
    }
}
