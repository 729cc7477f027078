//! A table on a sheet, as reports print it: a group over its columns, and a chart.

use rust_xlsxwriter::{Chart, ChartType, Worksheet, XlsxError};

use super::{Formats, cut};
use crate::diagnostic::Lang;
use crate::report::layout::{Kind, Layout, Part, Value};
use crate::report::tabulation::HIDDEN;
use crate::report::width;

/// Rows over the cells: the title, a blank one, and two of headings.
const FIRST: u32 = 4;

/// Writes the table. Of the first `drawn` rows a chart is made.
pub(super) fn fill(
    sheet: &mut Worksheet,
    formats: &Formats,
    layout: &Layout,
    drawn: Option<usize>,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, cut(&layout.title), &formats.title)?;
    head(sheet, formats, layout, lang)?;
    for (row, line) in (FIRST..).zip(&layout.rows) {
        let format = if line.kind == Kind::Member { &formats.member } else { &formats.name };
        sheet.write_string_with_format(row, 0, cut(&line.name), format)?;
        for (group, cell) in line.cells.iter().enumerate() {
            for (at, part) in layout.parts.iter().enumerate() {
                write(sheet, formats, (row, column(layout, group, at)), cell.as_ref(), *part)?;
            }
        }
    }
    let under = FIRST + layout.rows.len() as u32 + 1;
    for (row, note) in (under..).zip(&layout.notes) {
        sheet.write_string(row, 0, cut(note))?;
    }
    let widest = layout.rows.iter().map(|row| width(&row.name)).max().unwrap_or(0);
    sheet.set_column_width(0, (widest as f64 + 4.0).clamp(12.0, 60.0))?;
    sheet.set_freeze_panes(FIRST, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    if let Some(drawn) = drawn.filter(|drawn| *drawn > 0) {
        let after = column(layout, layout.groups.len(), 0) + 1;
        sheet.insert_chart(FIRST - 2, after, &chart(sheet, layout, drawn as u32, lang))?;
    }
    Ok(())
}

fn column(layout: &Layout, group: usize, part: usize) -> u16 {
    (1 + group * layout.parts.len() + part) as u16
}

fn head(sheet: &mut Worksheet, formats: &Formats, layout: &Layout, lang: Lang) -> Result<(), XlsxError> {
    let (over, under) = (FIRST - 2, FIRST - 1);
    sheet.merge_range(over, 0, under, 0, "", &formats.head)?;
    for (group, heading) in layout.groups.iter().enumerate() {
        let (first, last) = (column(layout, group, 0), column(layout, group, layout.parts.len() - 1));
        sheet.merge_range(over, first, over, last, cut(&heading.title), &formats.head)?;
        // Names are long and the columns under them narrow: they are set on two lines.
        let wide = (width(&heading.title) as f64 / layout.parts.len() as f64 / 2.0 + 2.0).clamp(8.0, 20.0);
        for (at, part) in layout.parts.iter().enumerate() {
            let place = column(layout, group, at);
            sheet.write_string_with_format(under, place, part.title(lang), &formats.head)?;
            sheet.set_column_width(place, if *part == Part::Mark { 3.0 } else { wide })?;
        }
    }
    sheet.set_row_height(over, 34)?;
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    formats: &Formats,
    (row, column): (u32, u16),
    cell: Option<&Value>,
    part: Part,
) -> Result<(), XlsxError> {
    let Some(Value { share, weighted, mark }) = cell else {
        let said = if part == Part::Mark { "" } else { HIDDEN };
        return sheet.write_string_with_format(row, column, said, &formats.right).map(|_| ());
    };
    // The percentage is the one printed, rounded from the counts: Excel would round the
    // nearest binary fraction.
    let number = match part {
        Part::Count => Some(share.count() as f64),
        Part::Base => Some(share.base() as f64),
        Part::Percent => share.permille().map(|permille| permille as f64 / 10.0),
        Part::Weighted => *weighted,
        Part::Mark => return sheet.write_string_with_format(row, column, *mark, &formats.name).map(|_| ()),
    };
    let format = if matches!(part, Part::Count | Part::Base) { &formats.count } else { &formats.percent };
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_string_with_format(row, column, "-", &formats.right)?,
    };
    Ok(())
}

/// Bars of the percentages in the groups that the study shows; the total alone where
/// there is no other.
fn chart(sheet: &Worksheet, layout: &Layout, drawn: u32, lang: Lang) -> Chart {
    let name = sheet.name();
    let percent = layout.parts.iter().position(|part| *part == Part::Percent).unwrap_or(0);
    let mut chart = Chart::new(ChartType::Bar);
    let is_drawn = |(at, heading): &(usize, &_)| shown(layout, *at, heading);
    for (group, _) in layout.groups.iter().enumerate().filter(is_drawn) {
        let values = column(layout, group, percent);
        let series = chart.add_series();
        series
            .set_categories((name.as_str(), FIRST, 0, FIRST + drawn - 1, 0))
            .set_values((name.as_str(), FIRST, values, FIRST + drawn - 1, values))
            .set_name((name.as_str(), FIRST - 2, column(layout, group, 0)))
            .set_gap(40);
    }
    chart.title().set_name(&layout.title);
    // The first theme stands on top.
    chart.x_axis().set_reverse();
    chart.y_axis().set_name("%").set_num_format("0").set_min(0);
    chart.set_width(760).set_height(160 + 30 * drawn);
    let alt = match lang {
        Lang::Ja => format!("{}: 群ごとの割合の棒グラフ。数値は左の表にあります。", layout.title),
        Lang::En => {
            format!("{}: bars of the percentages by group. The numbers are in the table beside it.", layout.title)
        }
    };
    chart.set_alt_text(short(&alt));
    chart
}

fn shown(layout: &Layout, at: usize, heading: &crate::report::layout::Heading) -> bool {
    let others = layout.groups.iter().any(|other| other.is_shown && other.place > 0);
    heading.is_shown && (at > 0 || !others)
}

/// Excel takes 255 characters for a description.
fn short(text: &str) -> String {
    text.chars().take(250).collect()
}
