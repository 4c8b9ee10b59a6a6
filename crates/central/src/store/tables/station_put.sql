INSERT INTO station
    (school_id, station_id, name, public_key, app_version, enrolled_at_ms, revoked_at_ms, feed_begin)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (school_id, station_id) DO UPDATE SET
    name = excluded.name,
    app_version = excluded.app_version,
    revoked_at_ms = excluded.revoked_at_ms
