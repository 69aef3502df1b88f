//! Which attributes of resources and data sources their providers keep secret.

/// Types and their secret attributes, sorted by type. A `*` at either end of an attribute stands for any letters. Attributes are those of the resource and of the data source of that name.
#[rustfmt::skip]
const TABLE: &[(&str, &[&str])] = &[
    ("auth0_client", &["client_secret"]),
    ("aws_acm_certificate", &["private_key"]),
    ("aws_api_gateway_api_key", &["value"]),
    ("aws_appsync_api_key", &["key"]),
    ("aws_codebuild_source_credential", &["token"]),
    ("aws_cognito_user_pool_client", &["client_secret"]),
    ("aws_db_instance", &["password"]),
    ("aws_directory_service_directory", &["password"]),
    ("aws_dms_endpoint", &["password"]),
    ("aws_docdb_cluster", &["master_password"]),
    ("aws_ecr_authorization_token", &["authorization_token", "password"]),
    ("aws_eks_cluster_auth", &["token"]),
    ("aws_elasticache_replication_group", &["auth_token"]),
    ("aws_elasticache_user", &["passwords"]),
    ("aws_grafana_workspace_api_key", &["key"]),
    ("aws_grafana_workspace_service_account_token", &["key"]),
    ("aws_iam_access_key", &["secret", "ses_smtp_password_v4"]),
    ("aws_iam_server_certificate", &["private_key"]),
    ("aws_iam_user_login_profile", &["password"]),
    ("aws_kms_ciphertext", &["plaintext"]),
    ("aws_kms_secrets", &["plaintext"]),
    ("aws_lightsail_database", &["master_password"]),
    ("aws_lightsail_key_pair", &["private_key"]),
    ("aws_rds_cluster", &["master_password"]),
    ("aws_redshift_cluster", &["master_password"]),
    ("aws_redshiftserverless_namespace", &["admin_user_password"]),
    ("aws_secretsmanager_random_password", &["random_password"]),
    ("aws_secretsmanager_secret_version", &["secret_binary", "secret_string"]),
    ("aws_ssm_parameter", &["value"]),
    ("aws_ssm_parameters_by_path", &["values"]),
    ("aws_vpn_connection", &["customer_gateway_configuration", "tunnel1_preshared_key", "tunnel2_preshared_key"]),
    ("azuread_application_password", &["value"]),
    ("azuread_service_principal_password", &["value"]),
    ("azuread_user", &["password"]),
    ("azurerm_app_configuration", &["primary_read_key", "primary_write_key", "secondary_read_key", "secondary_write_key"]),
    ("azurerm_application_insights", &["connection_string", "instrumentation_key"]),
    ("azurerm_cognitive_account", &["primary_access_key", "secondary_access_key"]),
    ("azurerm_container_registry", &["admin_password"]),
    ("azurerm_cosmosdb_account", &["*_connection_string", "*_key", "connection_strings"]),
    ("azurerm_eventhub_authorization_rule", &["*_connection_string", "*_key"]),
    ("azurerm_eventhub_namespace", &["*_connection_string", "*_key"]),
    ("azurerm_key_vault_secret", &["value"]),
    ("azurerm_kubernetes_cluster", &["kube_admin_config*", "kube_config*"]),
    ("azurerm_linux_virtual_machine", &["admin_password"]),
    ("azurerm_log_analytics_workspace", &["primary_shared_key", "secondary_shared_key"]),
    ("azurerm_mssql_server", &["administrator_login_password"]),
    ("azurerm_mysql_flexible_server", &["administrator_password"]),
    ("azurerm_postgresql_flexible_server", &["administrator_password"]),
    ("azurerm_postgresql_server", &["administrator_login_password"]),
    ("azurerm_redis_cache", &["*_access_key", "*_connection_string"]),
    ("azurerm_search_service", &["primary_key", "secondary_key"]),
    ("azurerm_servicebus_namespace", &["*_connection_string", "*_key"]),
    ("azurerm_servicebus_namespace_authorization_rule", &["*_connection_string", "*_key"]),
    ("azurerm_signalr_service", &["*_access_key", "*_connection_string"]),
    ("azurerm_storage_account", &["*_access_key", "*_connection_string"]),
    ("azurerm_storage_account_sas", &["sas"]),
    ("azurerm_windows_virtual_machine", &["admin_password"]),
    ("cloudflare_api_token", &["value"]),
    ("confluent_api_key", &["secret"]),
    ("datadog_api_key", &["key"]),
    ("datadog_application_key", &["key"]),
    ("digitalocean_database_cluster", &["password", "private_uri", "uri"]),
    ("digitalocean_database_user", &["password"]),
    ("github_actions_secret", &["plaintext_value"]),
    ("gitlab_deploy_token", &["token"]),
    ("gitlab_group_access_token", &["token"]),
    ("gitlab_personal_access_token", &["token"]),
    ("gitlab_project_access_token", &["token"]),
    ("google_apikeys_key", &["key_string"]),
    ("google_client_config", &["access_token"]),
    ("google_compute_vpn_tunnel", &["shared_secret"]),
    ("google_iap_client", &["secret"]),
    ("google_redis_instance", &["auth_string"]),
    ("google_secret_manager_secret_version", &["secret_data"]),
    ("google_service_account_access_token", &["access_token"]),
    ("google_service_account_key", &["private_key"]),
    ("google_sql_database_instance", &["root_password"]),
    ("google_sql_user", &["password"]),
    ("google_storage_hmac_key", &["secret"]),
    ("grafana_api_key", &["key"]),
    ("grafana_service_account_token", &["key"]),
    ("hcloud_server", &["root_password"]),
    ("keycloak_openid_client", &["client_secret"]),
    ("kubernetes_secret", &["binary_data", "data"]),
    ("kubernetes_secret_v1", &["binary_data", "data"]),
    ("kubernetes_token_request_v1", &["token"]),
    ("linode_instance", &["root_pass"]),
    ("local_sensitive_file", &["content", "content_base64"]),
    ("mongodbatlas_database_user", &["password"]),
    ("mysql_user", &["plaintext_password"]),
    ("newrelic_api_access_key", &["key"]),
    ("pagerduty_service_integration", &["integration_key"]),
    ("postgresql_role", &["password"]),
    ("rabbitmq_user", &["password"]),
    ("random_bytes", &["base64", "hex"]),
    ("random_password", &["bcrypt_hash", "result"]),
    ("snowflake_user", &["password"]),
    ("sops_file", &["data", "raw"]),
    ("tfe_team_token", &["token"]),
    ("tls_cert_request", &["private_key_pem"]),
    ("tls_locally_signed_cert", &["ca_private_key_pem"]),
    ("tls_private_key", &["private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"]),
    ("tls_self_signed_cert", &["private_key_pem"]),
    ("vault_approle_auth_backend_role_secret_id", &["secret_id", "wrapping_token"]),
    ("vault_generic_secret", &["data", "data_json"]),
    ("vault_kv_secret", &["data", "data_json"]),
    ("vault_kv_secret_v2", &["data", "data_json"]),
    ("vault_token", &["client_token"]),
];

/// The secret attributes of a type.
pub(super) fn of(ty: &str) -> &'static [&'static str] {
    let at = TABLE.binary_search_by(|(known, _)| (*known).cmp(ty)).ok();
    at.and_then(|at| TABLE.get(at)).map_or(&[], |(_, attributes)| attributes)
}

/// Whether a provider keeps the attribute of that type secret.
pub(super) fn is_secret(ty: &str, attribute: &str) -> bool {
    of(ty).iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => attribute.ends_with(end),
        (None, Some(start)) => attribute.starts_with(start),
        (None, None) => *pattern == attribute,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (ty, attributes) in TABLE {
            assert!(attributes.is_sorted() && !attributes.is_empty(), "{ty}");
        }
    }

    #[test]
    fn providers_keep_some_attributes_secret() {
        for (ty, attribute, expected) in [
            ("aws_db_instance", "password", true),
            ("aws_db_instance", "address", false),
            ("random_password", "result", true),
            ("azurerm_storage_account", "primary_blob_connection_string", true),
            ("azurerm_storage_account", "primary_blob_endpoint", false),
            ("azurerm_kubernetes_cluster", "kube_config_raw", true),
            ("aws_instance", "password", false),
        ] {
            assert_eq!(is_secret(ty, attribute), expected, "{ty}.{attribute}");
        }
    }
}
