//! How far along the layers stand, and the channels between them.

use std::collections::BTreeMap;

use crate::part::Part;
use crate::place::Places;
use crate::proper::{Kind, Proper};
use crate::route::{Space, Wires};

/// From a label to where its line may turn.
const BESIDE_LABEL: i64 = 7;
/// The least width of a channel without turns beside a layer of labels.
const NARROW: i64 = 10;

/// A layer is held back by so much, at most, to stand where it did.
const FARTHEST: i64 = 400;

/// Where layers were in an earlier drawing.
struct KnownLayers {
    /// The middle of each layer that has a node which is known: where most of them were.
    middles: Vec<Option<i64>>,
    /// From the places then to the places now.
    shift: Option<i64>,
}

impl KnownLayers {
    fn of(part: &Part, proper: &Proper) -> Self {
        let mut votes: Vec<BTreeMap<i64, usize>> = vec![BTreeMap::new(); proper.layers];
        for item in &proper.items {
            if let Kind::Node(node) = item.kind
                && let Some((along, _)) = part.nodes[node].hint
            {
                *votes[item.layer].entry(along).or_default() += 1;
            }
        }
        let most = |votes: BTreeMap<i64, usize>| votes.into_iter().max_by_key(|vote| vote.1).map(|vote| vote.0);
        Self { middles: votes.into_iter().map(most).collect(), shift: None }
    }

    /// Where a layer of some width started, seen from where the layers are now.
    fn then(&self, layer: usize, width: i64) -> Option<i64> {
        Some(self.middles[layer]? + self.shift? - width / 2)
    }
}

/// What the channel between a layer and the next needs.
#[derive(Clone, Copy, Debug)]
struct Channel {
    /// How far borders reach into it, from both sides.
    behind: i64,
    before: i64,
    /// From the layers, or what reaches from there, to the first turn and from the last one.
    first: i64,
    last: i64,
    /// How many turns stand side by side.
    tracks: i64,
    least: i64,
    spread: i64,
}

impl Channel {
    fn width(&self, lane: i64) -> i64 {
        let room = if self.tracks == 0 { 0 } else { self.first + (self.tracks - 1) * lane + self.last };
        self.behind + room.max(self.least) + self.spread + self.before
    }
}

/// Where the layers stand, and the tracks between them.
pub(crate) struct Columns {
    /// The start and the width of each layer.
    pub(crate) layers: Vec<(i64, i64)>,
    /// The first track behind each layer, and from one to the next.
    pub(crate) tracks: Vec<(i64, i64)>,
    /// How far the borders of each group are before its first layer and behind its last one.
    reaches: Vec<(i64, i64)>,
}

impl Columns {
    pub(crate) fn of(part: &Part, proper: &Proper, wires: &mut [Wires]) -> Self {
        let mut columns = Self { layers: Vec::new(), tracks: Vec::new(), reaches: vec![(0, 0); part.groups.len()] };
        columns.reach(part, proper);
        let mut widths = vec![0; proper.layers];
        for item in &proper.items {
            widths[item.layer] = item.along.max(widths[item.layer]);
        }
        let zones = columns.zones(proper);
        let channels = channels(part, proper, wires, &zones);
        let mut held = KnownLayers::of(part, proper);
        let start = zones.first().map_or(0, |zone| zone.0);
        while columns.layers.len() < proper.layers {
            columns.advance(part, proper, start, &widths, &channels, &mut held);
        }
        let ends = columns.layers.iter().map(|&(at, width)| at + width);
        let first = |(end, channel): (i64, &Channel)| end + channel.behind + channel.first + channel.spread / 2;
        for (track, first) in columns.tracks.iter_mut().zip(ends.zip(&channels).map(first)) {
            track.0 = first;
        }
        columns
    }

    /// Places the layers up to the next one that is held: where its turns are too many for where it stood, they stand
    /// closer to each other.
    fn advance(
        &mut self,
        part: &Part,
        proper: &Proper,
        start: i64,
        widths: &[i64],
        channels: &[Channel],
        held: &mut KnownLayers,
    ) {
        let from = self.layers.len();
        let to = (from..proper.layers).find(|&layer| held.middles[layer].is_some()).unwrap_or(proper.layers - 1);
        let lane = part.gaps.track;
        for lane in [lane, lane * 4 / 5, lane * 3 / 5] {
            self.layers.truncate(from);
            self.tracks.truncate(from);
            for (layer, &least) in widths.iter().enumerate().take(to + 1).skip(from) {
                let at = match layer.checked_sub(1) {
                    None => start,
                    Some(before) => self.layers[before].0 + self.layers[before].1 + channels[before].width(lane),
                };
                if let Some(before) = self.tracks.len().checked_sub(1).filter(|_| layer > 0) {
                    self.tracks[before].1 = lane;
                }
                let width = self.wide_enough(part, proper, layer, at, least);
                self.layers.push((at, width));
                self.tracks.push((0, lane));
            }
            let (at, width) = self.layers[to];
            match held.then(to, width) {
                Some(then) if then < at => {}
                Some(then) => {
                    if then < at + FARTHEST {
                        self.layers[to].0 = then;
                    }
                    return;
                }
                None => break,
            }
        }
        let (at, width) = self.layers[to];
        if let (None, Some(middle)) = (held.shift, held.middles[to]) {
            held.shift = Some(at + width / 2 - middle);
        }
    }

    /// How far each group reaches: with the groups in it that start or end with it.
    fn reach(&mut self, part: &Part, proper: &Proper) {
        let mut inner = vec![(0, 0); part.groups.len()];
        for group in part.deepest_first() {
            let Some((first, last)) = proper.spans[group] else { continue };
            let own = &part.groups[group];
            self.reaches[group] = (inner[group].0 + own.start, inner[group].1 + own.end);
            let Some((outer_first, outer_last)) = proper.spans[own.parent] else { continue };
            let outer: &mut (i64, i64) = &mut inner[own.parent];
            if outer_first == first && own.parent != group {
                outer.0 = outer.0.max(self.reaches[group].0);
            }
            if outer_last == last && own.parent != group {
                outer.1 = outer.1.max(self.reaches[group].1);
            }
        }
    }

    /// The room that borders take before and behind each layer.
    fn zones(&self, proper: &Proper) -> Vec<(i64, i64)> {
        let mut zones = vec![(0, 0); proper.layers];
        for (span, reach) in proper.spans.iter().zip(&self.reaches) {
            if let Some((first, last)) = *span {
                zones[first].0 = reach.0.max(zones[first].0);
                zones[last].1 = reach.1.max(zones[last].1);
            }
        }
        zones
    }

    /// The width of a layer that starts at a place: groups that end here have room for their titles.
    fn wide_enough(&self, part: &Part, proper: &Proper, layer: usize, at: i64, width: i64) -> i64 {
        let ends_here = |group: &usize| proper.spans[*group].is_some_and(|(_, last)| last == layer);
        let missing = |group: usize| {
            let first = proper.spans[group].map_or(layer, |(first, _)| first);
            let start = if first == layer { at } else { self.layers[first].0 };
            part.groups[group].along - (self.reaches[group].0 + self.reaches[group].1) - (at - start)
        };
        (0..part.groups.len()).filter(ends_here).map(missing).fold(width, i64::max)
    }

    /// The boxes of the groups.
    pub(crate) fn groups(&self, part: &Part, proper: &Proper, places: &Places) -> Vec<Space> {
        let space = |group: usize| {
            let (first, last) = proper.spans[group]?;
            let start = self.layers[first].0 - self.reaches[group].0;
            let end = self.layers[last].0 + self.layers[last].1 + self.reaches[group].1;
            let (low, high) = places.groups[group];
            Some([start, low, end - start, high - low])
        };
        (0..part.groups.len()).map(|group| space(group).unwrap_or_default()).collect()
    }
}

/// The channel behind each layer.
fn channels(part: &Part, proper: &Proper, wires: &mut [Wires], zones: &[(i64, i64)]) -> Vec<Channel> {
    let mut has_nodes = vec![false; proper.layers];
    for item in &proper.items {
        has_nodes[item.layer] |= !item.kind.is_passed();
    }
    let stub = |is_node: bool| if is_node { part.gaps.stub } else { BESIDE_LABEL };
    let channel = |(layer, wires): (usize, &mut Wires)| {
        let (own, next) = (has_nodes[layer], has_nodes.get(layer + 1).copied());
        Channel {
            behind: zones[layer].1,
            before: zones.get(layer + 1).map_or(0, |zone| zone.0),
            first: stub(own),
            last: stub(next.unwrap_or(true)),
            tracks: i64::try_from(wires.settle()).unwrap_or(0),
            least: if own && next == Some(true) { part.gaps.layer } else { NARROW },
            spread: if next == Some(true) { part.gaps.spread } else { 0 },
        }
    };
    wires.iter_mut().enumerate().map(channel).collect()
}
