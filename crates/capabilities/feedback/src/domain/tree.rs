//! The categories as a tree: what is offered, what stands beneath what, what may be moved where.

use kernel::{Id, Timestamp};

/// Marks the id of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CategoryId {}

/// How many categories may stand one beneath the other.
pub const LEVELS: usize = 3;

/// A category of feedback (反馈类别).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: Id<CategoryId>,
    /// What texts and programs call it; never changes.
    pub code: String,
    /// Beneath which it stands.
    pub parent: Option<Id<CategoryId>>,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Its place among those beneath the same parent.
    pub position: i64,
    /// Since when it is not offered any more.
    pub retired_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Category {
    /// Its name for a reader of `locale`.
    pub fn name_in(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.name_zh } else { &self.name_en }
    }
}

/// All categories, each above those beneath it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<(usize, Category)>,
}

impl Tree {
    /// Puts categories in order; one whose parent is missing stands at the top.
    pub fn new(mut all: Vec<Category>) -> Self {
        all.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
        let known: Vec<Id<CategoryId>> = all.iter().map(|one| one.id).collect();
        let mut tree = Self::default();
        tree.grow(&all, &known, None, 0);
        tree
    }

    fn grow(&mut self, all: &[Category], known: &[Id<CategoryId>], parent: Option<Id<CategoryId>>, depth: usize) {
        for one in all.iter().filter(|one| one.parent.filter(|id| known.contains(id)) == parent) {
            self.nodes.push((depth, one.clone()));
            if depth < LEVELS {
                self.grow(all, known, Some(one.id), depth + 1);
            }
        }
    }

    /// All of them with how deep each stands, in the order of the page.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Category)> {
        self.nodes.iter().map(|(depth, one)| (*depth, one))
    }

    /// The category `id`.
    pub fn get(&self, id: Id<CategoryId>) -> Option<&Category> {
        self.nodes.iter().map(|(_, one)| one).find(|one| one.id == id)
    }

    /// The category that texts call `code`.
    pub fn by_code(&self, code: &str) -> Option<&Category> {
        self.nodes.iter().map(|(_, one)| one).find(|one| one.code == code)
    }

    /// Those directly beneath `parent`, in order.
    pub fn children(&self, parent: Option<Id<CategoryId>>) -> impl Iterator<Item = &Category> {
        self.nodes.iter().map(|(_, one)| one).filter(move |one| one.parent == parent)
    }

    /// Whether texts may be given `one`: it is not retired and nothing that is offered stands beneath it.
    pub fn is_leaf(&self, one: &Category) -> bool {
        one.retired_at.is_none() && !self.children(Some(one.id)).any(|child| child.retired_at.is_none())
    }

    /// Those that texts may be given, in order.
    pub fn leaves(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter().map(|(_, one)| one).filter(|one| self.is_leaf(one))
    }

    /// Whether texts may be given the code `code`.
    pub fn offers(&self, code: &str) -> bool {
        self.by_code(code).is_some_and(|one| self.is_leaf(one))
    }

    /// The codes of `code` and of all that stands beneath it, retired ones too.
    pub fn beneath(&self, code: &str) -> Vec<String> {
        let mut codes = vec![code.to_owned()];
        let Some(one) = self.by_code(code) else { return codes };
        let mut above = vec![one.id];
        for (_, node) in &self.nodes {
            if node.parent.is_some_and(|parent| above.contains(&parent)) {
                above.push(node.id);
                codes.push(node.code.clone());
            }
        }
        codes
    }

    /// How it is called with what stands above it, for a reader of `locale`; the code itself when there is no such category.
    pub fn name(&self, code: &str, locale: &str) -> String {
        let Some(one) = self.by_code(code) else { return code.to_owned() };
        let mut names = vec![one.name_in(locale)];
        let mut parent = one.parent;
        while let Some(above) = parent.and_then(|id| self.get(id)).filter(|_| names.len() <= LEVELS) {
            names.push(above.name_in(locale));
            parent = above.parent;
        }
        names.reverse();
        names.join(" › ")
    }

    fn depth(&self, id: Id<CategoryId>) -> usize {
        self.nodes.iter().find(|(_, one)| one.id == id).map_or(0, |(depth, _)| *depth)
    }

    /// How many levels stand beneath `id`, itself counted.
    fn height(&self, id: Id<CategoryId>) -> usize {
        self.children(Some(id)).map(|child| self.height(child.id)).max().unwrap_or(0) + 1
    }

    /// Whether `one` may stand beneath `parent`: that is offered, no descendant of `one`, and the tree does not grow too deep.
    ///
    /// # Errors
    /// The code of the field error that says why not.
    pub fn may_stand(&self, one: Option<Id<CategoryId>>, parent: Option<Id<CategoryId>>) -> Result<(), &'static str> {
        let Some(parent) = parent else { return Ok(()) };
        let above = self.get(parent).filter(|above| above.retired_at.is_none()).ok_or("unknown")?;
        let mut up = Some(above);
        while let Some(node) = up {
            if Some(node.id) == one {
                return Err("feedback-beneath-itself");
            }
            up = node.parent.and_then(|id| self.get(id));
        }
        let height = one.map_or(1, |id| self.height(id));
        if self.depth(parent) + 1 + height > LEVELS {
            return Err("feedback-too-deep");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: i64, code: &str, parent: Option<i64>, position: i64) -> Category {
        Category {
            id: Id::new(id),
            code: code.to_owned(),
            parent: parent.map(Id::new),
            name_zh: format!("{code}中"),
            name_en: code.to_uppercase(),
            position,
            retired_at: None,
            version: 1,
        }
    }

    fn tree() -> Tree {
        Tree::new(vec![
            one(3, "delivery", None, 2),
            one(1, "quality", None, 1),
            one(4, "late", Some(3), 2),
            one(5, "broken", Some(3), 1),
            one(6, "corner", Some(5), 1),
        ])
    }

    #[test]
    fn leaves_are_offered_and_branches_are_not() {
        let tree = tree();
        let codes: Vec<_> = tree.all().map(|(depth, one)| (depth, one.code.as_str())).collect();
        assert_eq!(codes, [(0, "quality"), (0, "delivery"), (1, "broken"), (2, "corner"), (1, "late")]);
        assert_eq!(tree.leaves().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["quality", "corner", "late"]);
        assert!(!tree.offers("delivery") && !tree.offers("nothing"));
        assert_eq!(tree.beneath("delivery"), ["delivery", "broken", "corner", "late"]);
        assert_eq!(tree.name("corner", "en"), "DELIVERY › BROKEN › CORNER");
        assert_eq!(tree.name("gone", "zh-CN"), "gone");
    }

    #[test]
    fn a_branch_of_retired_ones_is_a_leaf_again() {
        let mut nodes: Vec<_> = tree().all().map(|(_, one)| one.clone()).collect();
        for one in nodes.iter_mut().filter(|one| ["corner", "late"].contains(&one.code.as_str())) {
            one.retired_at = Some(Timestamp::from_millis(1));
        }
        let tree = Tree::new(nodes);
        assert_eq!(tree.leaves().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["quality", "broken"]);
    }

    #[test]
    fn nothing_stands_beneath_itself_or_too_deep() {
        let tree = tree();
        assert_eq!(tree.may_stand(Some(Id::new(3)), Some(Id::new(6))), Err("feedback-beneath-itself"));
        assert_eq!(tree.may_stand(Some(Id::new(3)), Some(Id::new(1))), Err("feedback-too-deep"));
        assert_eq!(tree.may_stand(Some(Id::new(5)), Some(Id::new(1))), Ok(()));
        assert_eq!(tree.may_stand(None, Some(Id::new(6))), Err("feedback-too-deep"));
        assert_eq!(tree.may_stand(None, Some(Id::new(99))), Err("unknown"));
    }
}
