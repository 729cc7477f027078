//! Units × coders, one category or none in each cell.

/// What each coder said of each unit, of `categories` that could be chosen.
///
/// The categories are those *declared*: what nobody chose was there to be chosen, and
/// counts in AC1 and Brennan–Prediger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratings {
    categories: usize,
    coders: usize,
    units: Vec<Vec<Option<usize>>>,
}

impl Ratings {
    /// Ratings by unit, then coder; `None` where the coder did not code the unit.
    ///
    /// # Panics
    /// If a unit has not one cell for each coder, or a category is not below `categories`.
    pub fn new(categories: usize, coders: usize, units: Vec<Vec<Option<usize>>>) -> Self {
        for unit in &units {
            assert!(unit.len() == coders, "a unit has {} cells for {coders} coders", unit.len());
            assert!(unit.iter().flatten().all(|&category| category < categories), "a category is out of range");
        }
        Self { categories, coders, units }
    }

    /// How many categories there are to choose from.
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// How many coders there are.
    pub const fn coders(&self) -> usize {
        self.coders
    }

    /// The ratings by unit, then coder.
    pub fn units(&self) -> &[Vec<Option<usize>>] {
        &self.units
    }

    /// How many units somebody coded.
    pub fn coded(&self) -> u64 {
        self.units.iter().filter(|unit| unit.iter().any(Option::is_some)).count() as u64
    }

    /// How many units at least two coders coded: those that agreement rests on.
    pub fn pairable(&self) -> u64 {
        self.units.iter().filter(|unit| unit.iter().flatten().count() >= 2).count() as u64
    }

    /// How often each category was chosen by each coder.
    pub fn uses(&self) -> Vec<Vec<u64>> {
        let mut uses = vec![vec![0; self.categories]; self.coders];
        for unit in &self.units {
            for (coder, category) in unit.iter().enumerate().filter_map(|(coder, cell)| cell.map(|cell| (coder, cell)))
            {
                uses[coder][category] += 1;
            }
        }
        uses
    }
}
