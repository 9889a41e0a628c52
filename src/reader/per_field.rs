//! A value for every field of the catalogue.

use std::ops::Index;

use crate::domain::field::Field;

/// One value for every field of the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PerField<T>([T; Field::ALL.len()]);

impl<T: Copy + Default> PerField<T> {
    /// The value of each field, as `value` tells it.
    pub fn from_fn(mut value: impl FnMut(Field) -> T) -> Self {
        let mut values = [T::default(); Field::ALL.len()];
        for field in Field::ALL {
            values[field as usize] = value(field);
        }
        Self(values)
    }
}

impl<T> Index<Field> for PerField<T> {
    type Output = T;

    fn index(&self, field: Field) -> &T {
        &self.0[field as usize]
    }
}
