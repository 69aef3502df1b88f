//! What holds data: gone with its content once it is destroyed.

use crate::rules::pattern::Glob;

/// Types of what holds data, of the providers that are used most.
#[rustfmt::skip]
const STATEFUL: &[&str] = &[
    "aws_acmpca_certificate_authority", "aws_backup_vault", "aws_cloudwatch_log_group", "aws_codecommit_repository",
    "aws_cognito_user_pool", "aws_db_instance", "aws_db_snapshot", "aws_docdb_cluster", "aws_dynamodb_table",
    "aws_ebs_snapshot", "aws_ebs_volume", "aws_ecr_repository", "aws_efs_file_system", "aws_elasticache_cluster",
    "aws_elasticache_replication_group", "aws_elasticache_serverless_cache", "aws_elasticsearch_domain",
    "aws_fsx_*_file_system", "aws_fsx_*_volume", "aws_glacier_vault", "aws_keyspaces_table", "aws_kinesis_stream",
    "aws_kms_external_key", "aws_kms_key", "aws_lightsail_database", "aws_memorydb_cluster", "aws_mq_broker",
    "aws_msk_cluster", "aws_msk_serverless_cluster", "aws_neptune_cluster", "aws_opensearch_domain",
    "aws_qldb_ledger", "aws_rds_cluster", "aws_redshift_cluster", "aws_redshiftserverless_namespace",
    "aws_route53_zone", "aws_s3_bucket", "aws_s3_directory_bucket", "aws_s3tables_table", "aws_secretsmanager_secret",
    "aws_sqs_queue", "aws_timestreamwrite_table",
    "azurerm_container_registry", "azurerm_cosmosdb_account", "azurerm_cosmosdb_*_collection",
    "azurerm_cosmosdb_*_container", "azurerm_cosmosdb_*_database", "azurerm_dns_zone", "azurerm_eventhub",
    "azurerm_key_vault", "azurerm_key_vault_key", "azurerm_key_vault_secret", "azurerm_kusto_database",
    "azurerm_log_analytics_workspace", "azurerm_managed_disk", "azurerm_mariadb_*server", "azurerm_mssql_database",
    "azurerm_mssql_managed_database", "azurerm_mssql_managed_instance", "azurerm_mssql_server",
    "azurerm_mysql_*database", "azurerm_mysql_*server", "azurerm_netapp_volume", "azurerm_postgresql_*database",
    "azurerm_postgresql_*server", "azurerm_private_dns_zone", "azurerm_recovery_services_vault",
    "azurerm_redis_cache", "azurerm_servicebus_queue", "azurerm_servicebus_topic", "azurerm_storage_account",
    "azurerm_storage_container", "azurerm_storage_queue", "azurerm_storage_share", "azurerm_storage_table",
    "google_alloydb_cluster", "google_artifact_registry_repository", "google_bigquery_dataset",
    "google_bigquery_table", "google_bigtable_instance", "google_bigtable_table", "google_compute_disk",
    "google_compute_region_disk", "google_dns_managed_zone", "google_filestore_instance", "google_firestore_database",
    "google_kms_crypto_key", "google_pubsub_subscription", "google_redis_cluster", "google_redis_instance",
    "google_secret_manager_secret", "google_spanner_database", "google_spanner_instance", "google_sql_database",
    "google_sql_database_instance", "google_storage_bucket",
    "cloudflare_r2_bucket", "cloudflare_zone", "digitalocean_database_cluster", "digitalocean_database_db",
    "digitalocean_domain", "digitalocean_spaces_bucket", "digitalocean_volume", "hcloud_volume",
    "kubernetes_persistent_volume*", "mongodbatlas_advanced_cluster", "mongodbatlas_cluster", "vault_mount",
];

/// The types of what holds data, as an option lists them.
pub(super) fn types() -> Vec<Glob> {
    STATEFUL.iter().map(|ty| Glob::new(ty)).collect()
}
