//! Rows of numbers, one after another in one piece of memory.

/// Rows of different lengths; looking one up touches little memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Where each row ends.
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Rows {
    /// Adds a row at the end.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        self.items.extend(row);
        self.ends.push(self.items.len() as u32);
    }

    /// The row at `index`.
    pub(crate) fn row(&self, index: usize) -> &[u32] {
        let from = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[from as usize..self.ends[index] as usize]
    }
}

impl<R: IntoIterator<Item = u32>> FromIterator<R> for Rows {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut all = Self::default();
        rows.into_iter().for_each(|row| all.push(row));
        all
    }
}
