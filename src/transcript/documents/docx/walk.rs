//! A tree gone through from start to end without recursion: a hostile file may be as deep as it likes.

use roxmltree::Node;

/// One step of the walk.
pub(super) enum Step<'a, 'i> {
    Enter(Node<'a, 'i>),
    Leave(Node<'a, 'i>),
}

/// The elements below a node, each entered and left.
pub(super) struct Walk<'a, 'i> {
    root: Node<'a, 'i>,
    next: Option<Step<'a, 'i>>,
}

impl<'a, 'i> Walk<'a, 'i> {
    pub(super) fn new(root: Node<'a, 'i>) -> Self {
        Self { root, next: root.first_element_child().map(Step::Enter) }
    }

    /// Leaves the element that was entered last without going into it.
    pub(super) fn pass_over(&mut self, entered: Node<'a, 'i>) {
        self.next = Some(Step::Leave(entered));
    }
}

impl<'a, 'i> Iterator for Walk<'a, 'i> {
    type Item = Step<'a, 'i>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.next.take()?;
        self.next = match &step {
            Step::Enter(node) => Some(node.first_element_child().map_or(Step::Leave(*node), Step::Enter)),
            Step::Leave(node) => match node.next_sibling_element() {
                Some(sibling) => Some(Step::Enter(sibling)),
                None => node.parent_element().filter(|parent| *parent != self.root).map(Step::Leave),
            },
        };
        Some(step)
    }
}
