//! A table of counts and what Pearson's χ² says of it.

use statrs::distribution::{ChiSquared, ContinuousCDF as _};

use super::undefined::{Defined, Undefined};

/// Counts in rows × columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    counts: Vec<Vec<u64>>,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

/// Pearson's χ² test of independence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// Σ (O−E)²/E, without a continuity correction.
    pub statistic: f64,
    /// (rows − 1)(columns − 1).
    pub df: u64,
    /// The upper tail of the χ² distribution.
    pub p: f64,
    /// The smallest expected count: under 5 the p-value is not to be relied on.
    pub min_expected: f64,
}

impl Table {
    /// A table of `counts`, row by row.
    ///
    /// # Panics
    /// If the rows differ in length.
    pub fn new(counts: Vec<Vec<u64>>) -> Self {
        let width = counts.first().map_or(0, Vec::len);
        assert!(counts.iter().all(|row| row.len() == width), "rows of different length: {counts:?}");
        let rows = counts.iter().map(|row| row.iter().sum()).collect();
        let columns = (0..width).map(|column| counts.iter().map(|row| row[column]).sum()).collect();
        Self { counts, rows, columns }
    }

    /// The counts, row by row.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// The sums of the rows.
    pub fn rows(&self) -> &[u64] {
        &self.rows
    }

    /// The sums of the columns.
    pub fn columns(&self) -> &[u64] {
        &self.columns
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.rows.iter().sum()
    }

    /// The table without rows and columns that add up to 0. They say nothing about the
    /// others; whoever leaves them out says so.
    #[must_use]
    pub fn occupied(&self) -> Self {
        let row = |row: &Vec<u64>| {
            row.iter().zip(&self.columns).filter(|(_, sum)| **sum > 0).map(|(count, _)| *count).collect()
        };
        let rows = self.counts.iter().zip(&self.rows).filter(|(_, sum)| **sum > 0);
        Self::new(rows.map(|(counts, _)| row(counts)).collect())
    }

    /// Whether χ² is defined, and why not.
    fn usable(&self) -> Defined<()> {
        if self.rows.len() < 2 || self.columns.len() < 2 {
            Err(Undefined::NothingToCompare)
        } else if self.total() == 0 {
            Err(Undefined::EmptyBase)
        } else if self.rows.contains(&0) || self.columns.contains(&0) {
            Err(Undefined::EmptyMargin)
        } else {
            Ok(())
        }
    }

    /// The count expected in a cell if rows and columns were independent.
    fn expected(&self, row: usize, column: usize) -> f64 {
        self.rows[row] as f64 * self.columns[column] as f64 / self.total() as f64
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows.len()).flat_map(|row| (0..self.columns.len()).map(move |column| (row, column)))
    }

    /// The smallest expected count: 0 where a margin is empty.
    ///
    /// # Errors
    /// [`Undefined::EmptyBase`] of a table without counts.
    pub fn min_expected(&self) -> Defined<f64> {
        if self.total() == 0 {
            return Err(Undefined::EmptyBase);
        }
        Ok(self.cells().map(|(row, column)| self.expected(row, column)).fold(f64::INFINITY, f64::min))
    }

    /// Pearson's χ².
    ///
    /// # Errors
    /// [`Undefined`] where a margin is empty (nothing is expected there) or there is only
    /// one row or column.
    pub fn chi_square(&self) -> Defined<ChiSquare> {
        self.usable()?;
        let statistic = self
            .cells()
            .map(|(row, column)| {
                let expected = self.expected(row, column);
                (self.counts[row][column] as f64 - expected).powi(2) / expected
            })
            .sum();
        let df = (self.rows.len() as u64 - 1) * (self.columns.len() as u64 - 1);
        // There are at least two rows and columns, so that the degrees of freedom are not 0.
        let p = ChiSquared::new(df as f64).map_or(1.0, |chi_squared| chi_squared.sf(statistic));
        Ok(ChiSquare { statistic, df, p: p.clamp(0.0, 1.0), min_expected: self.min_expected()? })
    }

    /// Cramér's V: √(χ² / (N (min(rows, columns) − 1))), without a correction of its bias.
    ///
    /// H. Cramér, *Mathematical Methods of Statistics* (1946), 282.
    ///
    /// # Errors
    /// As [`Table::chi_square`].
    pub fn cramers_v(&self) -> Defined<f64> {
        let chi_square = self.chi_square()?;
        let shorter = self.rows.len().min(self.columns.len()) as f64 - 1.0;
        Ok((chi_square.statistic / (self.total() as f64 * shorter)).sqrt().min(1.0))
    }

    /// Adjusted residuals, row by row: (O−E) / √(E (1 − row/N) (1 − column/N)), standard
    /// normal where rows and columns are independent.
    ///
    /// S. J. Haberman, *The analysis of residuals in cross-classified tables*, Biometrics
    /// 29 (1973), 205–220.
    ///
    /// # Errors
    /// As [`Table::chi_square`].
    pub fn adjusted_residuals(&self) -> Defined<Vec<Vec<f64>>> {
        self.usable()?;
        let total = self.total() as f64;
        let residual = |row: usize, column: usize| {
            let expected = self.expected(row, column);
            let rest = |sum: u64| 1.0 - sum as f64 / total;
            let variance = expected * rest(self.rows[row]) * rest(self.columns[column]);
            (self.counts[row][column] as f64 - expected) / variance.sqrt()
        };
        let row = |row| (0..self.columns.len()).map(|column| residual(row, column)).collect();
        Ok((0..self.rows.len()).map(row).collect())
    }
}
