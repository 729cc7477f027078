//! Units × coders, a set of labels or nothing in each cell.

use std::collections::BTreeMap;

use super::alpha::{Alpha, Bootstrap, set_alpha_by};
use super::distance::Distance;
use super::draws::Draws;
use super::ratings::Ratings;

/// A set of labels: their places in the matrix's `labels`, ascending, each once.
pub type Labels = Vec<usize>;

/// What each coder said of each unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The labels that could be given.
    pub labels: Vec<String>,
    /// The coders.
    pub coders: Vec<String>,
    /// The units.
    pub units: Vec<String>,
    /// By unit, then coder; `None` where the coder did not code the unit, and an empty
    /// set where he or she coded it with no label.
    cells: Vec<Vec<Option<Labels>>>,
}

impl Matrix {
    /// A matrix of `cells` by unit, then coder. The labels of a cell may come in any
    /// order.
    ///
    /// # Panics
    /// If the cells do not match the units and coders, or a label is out of range.
    pub fn new(
        labels: Vec<String>,
        coders: Vec<String>,
        units: Vec<String>,
        mut cells: Vec<Vec<Option<Labels>>>,
    ) -> Self {
        assert!(cells.len() == units.len(), "{} rows for {} units", cells.len(), units.len());
        for unit in &mut cells {
            assert!(unit.len() == coders.len(), "{} cells for {} coders", unit.len(), coders.len());
            for set in unit.iter_mut().flatten() {
                set.sort_unstable();
                set.dedup();
                assert!(set.last().is_none_or(|&last| last < labels.len()), "a label is out of range");
            }
        }
        Self { labels, coders, units, cells }
    }

    /// The cells by unit, then coder.
    pub fn cells(&self) -> &[Vec<Option<Labels>>] {
        &self.cells
    }

    /// The matrix of some of the coders, by their places, in that order.
    #[must_use]
    pub fn of_coders(&self, coders: &[usize]) -> Self {
        let pick = |unit: &Vec<Option<Labels>>| coders.iter().map(|&coder| unit[coder].clone()).collect();
        Self {
            labels: self.labels.clone(),
            coders: coders.iter().map(|&coder| self.coders[coder].clone()).collect(),
            units: self.units.clone(),
            cells: self.cells.iter().map(pick).collect(),
        }
    }

    /// The matrix of some of the units, by their places.
    #[must_use]
    pub fn of_units(&self, units: &[usize]) -> Self {
        Self {
            labels: self.labels.clone(),
            coders: self.coders.clone(),
            units: units.iter().map(|&unit| self.units[unit].clone()).collect(),
            cells: units.iter().map(|&unit| self.cells[unit].clone()).collect(),
        }
    }

    /// One label against the rest: category 1 where it was given, 0 where it was not.
    pub fn label(&self, label: usize) -> Ratings {
        self.ratings(2, |set| usize::from(set.binary_search(&label).is_ok()))
    }

    /// The labels as the categories of an axis, if every coding holds exactly one; else
    /// the place (unit, coder) of the first that does not.
    ///
    /// # Errors
    /// The place of the first coding with no label or several.
    pub fn axis(&self) -> Result<Ratings, (usize, usize)> {
        for (at, unit) in self.cells.iter().enumerate() {
            if let Some(coder) = unit.iter().position(|cell| cell.as_ref().is_some_and(|set| set.len() != 1)) {
                return Err((at, coder));
            }
        }
        Ok(self.ratings(self.labels.len(), |set| set[0]))
    }

    /// Whole sets as categories, with the set that each stands for. What could have been
    /// chosen is not known, so that only α makes sense of them.
    pub fn sets(&self) -> (Ratings, Vec<Labels>) {
        let mut number: BTreeMap<&Labels, usize> = self.cells.iter().flatten().flatten().map(|set| (set, 0)).collect();
        number.values_mut().enumerate().for_each(|(at, number)| *number = at);
        (self.ratings(number.len(), |set| number[set]), number.keys().map(|&set| set.clone()).collect())
    }

    /// Krippendorff's α of whole sets.
    pub fn set_alpha(&self, distance: Distance, bootstrap: Option<&Bootstrap>) -> Alpha {
        self.set_alpha_by(distance, bootstrap.copied().map(Draws::new).as_ref())
    }

    /// [`Matrix::set_alpha`] of one of several matrices that are resampled alike.
    pub(super) fn set_alpha_by(&self, distance: Distance, draws: Option<&Draws>) -> Alpha {
        let (ratings, sets) = self.sets();
        set_alpha_by(&ratings, &sets, distance, draws)
    }

    fn ratings(&self, categories: usize, category: impl Fn(&Labels) -> usize) -> Ratings {
        let unit = |unit: &Vec<Option<Labels>>| unit.iter().map(|cell| cell.as_ref().map(&category)).collect();
        Ratings::new(categories, self.coders.len(), self.cells.iter().map(unit).collect())
    }
}
