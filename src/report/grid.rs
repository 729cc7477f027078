//! A table for reading, on the terminal or in Markdown.

use super::records::markdown;
use super::terminal::{pad, pad_left, width};

/// A grid with what stands over and under it.
pub(super) struct Listing {
    /// What stands over it.
    pub title: String,
    /// The cells.
    pub grid: Grid,
    /// What stands under it.
    pub notes: Vec<String>,
}

/// Cells under a header; the first column names the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Names of the columns.
    pub header: Vec<String>,
    /// As many cells a row.
    pub rows: Vec<Vec<String>>,
    /// Whether each column is set flush right.
    pub right: Vec<bool>,
}

impl Grid {
    /// Aligned for wide characters.
    pub fn terminal(&self) -> String {
        let column = |at: usize| std::iter::once(&self.header).chain(&self.rows).map(move |row| width(&row[at]));
        let widths: Vec<usize> = (0..self.header.len()).map(|at| column(at).max().unwrap_or(0)).collect();
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths).zip(&self.right);
            let set = |((cell, width), right): ((&String, &usize), &bool)| {
                if *right { pad_left(cell, *width) } else { pad(cell, *width) }
            };
            let text = cells.map(set).collect::<Vec<_>>().join("  ");
            format!("{}\n", text.trim_end())
        };
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        let body: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{rule}\n{body}", line(&self.header))
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        // What is aligned within a cell on the terminal is one blank here.
        let single = |cell: &String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(single).collect()).collect();
        markdown(&self.header, &self.right, &rows)
    }
}
