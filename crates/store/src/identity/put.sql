INSERT OR REPLACE INTO identity
  (only, station_id, name, center_url, school_code, signing_seed, server_key, sealing_key, feed_cursor, enrolled_at_ms)
VALUES
  (1, :station_id, :name, :center_url, :school_code, :signing_seed, :server_key, :sealing_key, :feed_cursor, :enrolled_at_ms)
