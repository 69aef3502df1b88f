//! `plangate` lints Terraform and Terragrunt trees and gates plans in pull requests.

pub mod source;
pub mod syntax;
pub mod value;
