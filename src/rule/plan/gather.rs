//! Numbers for sets, so that those which share words stand next to each other: the sets
//! of a word, which are kept as bits, then fill few numbers of 64 bits.

use std::cmp::Reverse;

use super::{Element, SetId};

/// The sets (the atoms of each, which rise) in the new order; their numbers in `elements`
/// are changed with them.
pub(super) fn gather(sets: Vec<Vec<u32>>, elements: &mut [Element]) -> Vec<Vec<u32>> {
    let atoms = sets.iter().flatten().max().map_or(0, |last| *last as usize + 1);
    let mut uses = vec![0_u32; atoms];
    sets.iter().flatten().for_each(|&atom| uses[atom as usize] += 1);
    // By the word that most sets hold, those among them by the next, and so on.
    let most_used = |set: &Vec<u32>| {
        let mut atoms: Vec<(Reverse<u32>, u32)> =
            set.iter().map(|&atom| (Reverse(uses[atom as usize]), atom)).collect();
        atoms.sort_unstable();
        atoms
    };
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_cached_key(|&set| most_used(&sets[set]));
    let mut numbers: Vec<SetId> = vec![0; sets.len()];
    for (new, &old) in (0..).zip(&order) {
        numbers[old] = new;
    }
    let renumber = |set: &mut SetId| *set = numbers[*set as usize];
    for element in elements {
        element.sets.iter_mut().for_each(renumber);
        element.sets.sort_unstable();
        element.phrases.iter_mut().flatten().for_each(renumber);
        element.regexes.iter_mut().filter_map(|(_, set)| set.as_mut()).for_each(renumber);
    }
    let mut old: Vec<Option<Vec<u32>>> = sets.into_iter().map(Some).collect();
    order.into_iter().filter_map(|set| old[set].take()).collect()
}
