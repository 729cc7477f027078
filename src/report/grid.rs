//! A table for reading, on the terminal or in Markdown.

use super::records::markdown;
use super::terminal::{pad, pad_left, width};

/// Cells under a header; the first column names the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Names of the columns.
    pub header: Vec<String>,
    /// As many cells a row.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// Aligned for wide characters.
    pub fn terminal(&self) -> String {
        let column = |at: usize| std::iter::once(&self.header).chain(&self.rows).map(move |row| width(&row[at]));
        let widths: Vec<usize> = (0..self.header.len()).map(|at| column(at).max().unwrap_or(0)).collect();
        let line = |row: &[String]| {
            let mut text = pad(&row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                text.push_str(&format!("  {}", pad_left(cell, *width)));
            }
            format!("{}\n", text.trim_end())
        };
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        let body: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{rule}\n{body}", line(&self.header))
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        let right: Vec<bool> = (0..self.header.len()).map(|at| at > 0).collect();
        markdown(&self.header, &right, &self.rows)
    }
}
