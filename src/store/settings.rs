//! What a team sets for itself.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Conn, StoreError, from_json, millis, to_json};
use crate::domain::ids::TenantId;

/// The tenant's setting of this name; the default where it has set none.
pub async fn get<T: DeserializeOwned + Default>(
    conn: &mut Conn,
    tenant: &TenantId,
    name: &str,
) -> Result<T, StoreError> {
    let json: Option<String> = sqlx::query_scalar("select value from settings where tenant_id = $1 and name = $2")
        .bind(tenant.as_str())
        .bind(name)
        .fetch_optional(conn)
        .await?;
    json.map_or_else(|| Ok(T::default()), |json| from_json("settings", "value", &json))
}

/// Keeps a setting.
pub async fn set<T: Serialize>(
    conn: &mut Conn,
    tenant: &TenantId,
    name: &str,
    value: &T,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into settings (tenant_id, name, value, updated_at) values ($1, $2, $3, $4)
         on conflict (tenant_id, name) do update set value = excluded.value, updated_at = excluded.updated_at",
    )
    .bind(tenant.as_str())
    .bind(name)
    .bind(to_json(value)?)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}
