//! placeholder
use serde::Serialize;
use utoipa::ToSchema;
/// Words found in a source.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Citation { quote: String }
