//! Themes by group as horizontal bars with their intervals: the places of all that the
//! template draws.

use serde::Serialize;

use super::Both;
use crate::diagnostic::Lang;
use crate::report::tabulation::small;
use crate::report::{Outcome, group_name, terminal::shown, width};
use crate::statistics::wilson;
use crate::survey::Base;
use crate::tabulate::{Item, ThemeTable};

/// Width of the drawing, in its own units.
const WIDTH: f64 = 400.0;
/// Where bars end; numbers stand behind them.
const END: f64 = 285.0;
/// From a bar to the next one of the same theme.
const STEP: f64 = 15.0;
/// Height of a theme's name.
const NAME: f64 = 22.0;
/// Columns of a terminal that a name may take; what is longer stands in the table.
const LONGEST: usize = 58;
/// Looks of bars; where there are more groups, letters tell them apart.
const LOOKS: usize = 4;

#[derive(Serialize)]
pub(super) struct Figure {
    width: f64,
    height: f64,
    groups: Vec<Both>,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Tick {
    x: String,
    percent: u64,
}

#[derive(Serialize)]
struct Row {
    label: Both,
    y: f64,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    group: usize,
    y: f64,
    middle: f64,
    end: String,
    low: String,
    high: String,
    numbers: String,
}

/// The figure of one question: themes that anyone gave, most frequent first, without the
/// members of nets, in the groups that the study shows.
pub(super) fn figure(outcome: &Outcome<'_>, table: &ThemeTable) -> Figure {
    let codebook = outcome.codebook;
    draw(outcome, table, &|item| match item {
        Item::Net(_) => true,
        Item::Code(code) => codebook.codes[code].net.is_none(),
        Item::Reserved(_) => false,
    })
}

/// Each net that anyone gave, in its codes.
pub(super) fn nets(outcome: &Outcome<'_>, table: &ThemeTable) -> Vec<(Both, Figure)> {
    let codebook = outcome.codebook;
    let net = |(at, item): (usize, &Item)| {
        let Item::Net(net) = *item else { return None };
        let (id, label) = (codebook.nets[net].id.as_str(), &codebook.nets[net].label);
        let is_member =
            |item: Item| matches!(item, Item::Code(code) if codebook.codes[code].net.as_deref() == Some(id));
        let figure = || draw(outcome, table, &is_member);
        (table.counts[at][0] > 0).then(|| (Both::new(|lang| label.get(lang).to_owned()), figure()))
    };
    table.items.iter().enumerate().filter_map(net).collect()
}

/// Items that anyone gave, of those that are chosen, most frequent first.
fn draw(outcome: &Outcome<'_>, table: &ThemeTable, chosen: &dyn Fn(Item) -> bool) -> Figure {
    let codebook = outcome.codebook;
    let mut groups = shown(outcome, table);
    if groups.len() > 1 {
        groups.retain(|&group| group > 0);
    }
    let mut places: Vec<usize> =
        (0..table.items.len()).filter(|&at| chosen(table.items[at]) && table.counts[at][0] > 0).collect();
    places.sort_by_key(|&at| std::cmp::Reverse(table.counts[at][0]));
    let key = |place: usize| {
        let letter = (b'A'..=b'Z').nth(place).filter(|_| groups.len() > LOOKS);
        letter.map_or_else(String::new, |letter| format!("{} ", char::from(letter)))
    };
    let interval = |at: usize, group: usize| {
        let share = table.share(at, group);
        wilson(share.count(), share.base()).map_or((0.0, 0.0), |interval| (interval.low, interval.high))
    };
    let ends = places.iter().flat_map(|&at| groups.iter().map(move |&group| interval(at, group).1));
    // To the next ten percent.
    let most = (ends.fold(0.1, f64::max) * 10.0).ceil() as u64;
    let x = |share: f64| END * share * 10.0 / most as f64;
    let each = NAME + STEP * groups.len() as f64;
    let bar = |at: usize, top: f64, place: usize, group: usize| {
        let share = table.share(at, group);
        let (low, high) = interval(at, group);
        let part = if share.base() == 0 { 0.0 } else { share.count() as f64 / share.base() as f64 };
        let y = top + NAME - 5.0 + STEP * place as f64;
        Bar {
            group: place % LOOKS,
            y,
            middle: y + 5.5,
            end: written(x(part)),
            low: written(x(low)),
            high: written(x(high)),
            numbers: format!("{}{}/{}  {}%", key(place), share.count(), share.base(), share.percent()),
        }
    };
    let row = |(line, &at): (usize, &usize)| {
        let y = 6.0 + each * line as f64;
        let bars = groups.iter().enumerate().map(|(place, &group)| bar(at, y, place, group)).collect();
        let label = Both::new(|lang: Lang| cut(table.items[at].label(codebook).get(lang)));
        Row { label, y: y + 12.0, bars }
    };
    let heading = |(place, &group): (usize, &usize)| {
        let bases = table.bases[group];
        let base = if table.base == Base::Answered { bases.answered } else { bases.respondents };
        Both::new(|lang| format!("{}{}(n={base}{})", key(place), group_name(&table.groups[group], lang), small(base)))
    };
    let step = most.div_ceil(5);
    Figure {
        width: WIDTH,
        height: 6.0 + each * places.len() as f64 + 20.0,
        groups: groups.iter().enumerate().map(heading).collect(),
        ticks: (0..=most)
            .step_by(step.max(1) as usize)
            .map(|tick| Tick { x: written(x(tick as f64 / 10.0)), percent: tick * 10 })
            .collect(),
        rows: places.iter().enumerate().map(row).collect(),
    }
}

/// As much of a name as there is room for.
fn cut(name: &str) -> String {
    if width(name) <= LONGEST {
        return name.to_owned();
    }
    let mut cut = String::new();
    for c in name.chars() {
        if width(&cut) + 3 > LONGEST {
            break;
        }
        cut.push(c);
    }
    format!("{cut}…")
}

fn written(x: f64) -> String {
    format!("{x:.1}")
}
