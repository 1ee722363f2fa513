"""Scopes as an instance has them: which there are, and which of them opens a resource.

Known are those of Coupa's published list (R34.3) and of what clients of newer instances are granted. The sandbox has a
table of its own, so that it can bear witness against the client's.
"""

_BOTH = """
    accounting approval approval.configuration budget business_entity catalog comment common contract
    contract_party_role contracts_template easy_form easy_form_response estimated_tax expense expense.secure
    financial_counterparty integration inventory.adjustment inventory.asn inventory.balance inventory.common
    inventory.consumption inventory.cycle_counts inventory.pick_list inventory.receiving
    inventory.return_to_supplier inventory.transfer invoice invoice.assignment item items.flexible_attributes
    legal_entity notifications_summary object_translations order_header_confirmation.assignment
    order_header_confirmations order_pad pay.charges pay.payment_accounts pay.payments pay.statements
    pay.virtual_cards payables.allocations payables.expense payables.external payables.invoice payables.order project
    punchout_site purchase_order purchase_order.assignment purchase_order_change purchase_order_change.assignment
    purchase_order_only requisition requisition.assignment sourcing sourcing.pending_supplier sourcing.response
    supplier supplier.risk_aware supplier_information_sites supplier_information_tax_registrations
    supplier_sharing_settings supplier_sites translation uom user user_group webhooks
"""
_ALONE = """
    core.address.read_write core.business_groups.read_write core.commodity.read core.custom_objects.read_write
    core.data_table_view.write core.data_tables.read core.easy_form_response.approval.write
    core.global_navigation.read core.globalization.read core.inventory.receiveing.read core.inventory.transaction.read
    core.invoice.approval.bypass core.invoice.approval.write core.invoice.create core.invoice.delete
    core.lookups.read_write core.my_workbench.task.read core.payables.expenses.write core.roles.read_write
    core.sourcing.bom.read core.sourcing.response.award.write core.supplier_information_tax_registrations.delete
    core.swap.write core.unmanaged_spend.read core.user_recent_activity.read core.write_a_request.read
    email login offline_access openid profile
"""
KNOWN = frozenset(_ALONE.split()) | {f"core.{name}.{verb}" for name in _BOTH.split() for verb in ("read", "write")}

_OF = {
    "account_groups": "accounting",
    "account_types": "accounting",
    "account_validation_rules": "accounting",
    "accounts": "accounting",
    "approvals": "approval",
    "asn/headers": "inventory.asn",
    "asset_tags": "inventory.common",
    "budget_line_adjustments": "budget",
    "budget_lines": "budget",
    "business_entities": "business_entity",
    "comments": "comment",
    "contracts": "contract",
    "contracts/templates": "contracts_template",
    "coupa_pay/invoices": "payables.invoice",
    "coupa_pay/payments": "pay.payments",
    "cycle_counts": "inventory.cycle_counts",
    "data_file_sources": "integration",
    "default_receiving_locations": "inventory.common",
    "expense_artifacts": "expense",
    "expense_lines": "expense",
    "expense_lines/expense_artifacts": "expense",
    "expense_reports": "expense",
    "financial_counterparties": "financial_counterparty",
    "inspection_codes": "inventory.common",
    "integration_contacts": "integration",
    "integration_errors": "integration",
    "integration_history_records": "integration",
    "integration_runs": "integration",
    "integrations": "integration",
    "inventory": "inventory.balance",
    "inventory_adjustments": "inventory.adjustment",
    "inventory_consumptions": "inventory.consumption",
    "inventory_transactions": "inventory.transaction",
    "inventory_transfers": "inventory.transfer",
    "invoice_emails": "supplier",
    "invoices": "invoice",
    "items": "item",
    "legal_entities": "legal_entity",
    "order_header_confirmations": "order_header_confirmations",
    "order_pads": "order_pad",
    "payables/allocations": "payables.allocations",
    "payables/external/payables": "payables.external",
    "payables/invoices": "payables.invoice",
    "payables/order/reconciliation_lines": "payables.order",
    "payables/orders": "payables.order",
    "pick_lists": "inventory.pick_list",
    "project_memberships": "project",
    "projects": "project",
    "purchase_order_changes": "purchase_order",
    "purchase_order_lines": "purchase_order",
    "purchase_order_revisions": "purchase_order",
    "purchase_orders": "purchase_order",
    "quote_requests": "sourcing",
    "quote_responses": "sourcing.response",
    "receipt_requests": "inventory.receiving",
    "receivable_purchase_order_lines": "inventory.receiving",
    "receiving_transactions": "inventory.receiving",
    "requisitions": "requisition",
    "return_requests": "inventory.return_to_supplier",
    "return_to_supplier_transactions": "inventory.return_to_supplier",
    "supplier_information": "supplier",
    "supplier_information_sites": "supplier_information_sites",
    "supplier_items": "catalog",
    "supplier_risk_aware_feed": "supplier.risk_aware",
    "supplier_sharing_settings": "supplier_sharing_settings",
    "supplier_sites": "supplier_sites",
    "suppliers": "supplier",
    "tasks": "project",
    "tax_registrations": "invoice",
    "user_group_memberships": "user_group",
    "user_groups": "user_group",
    "users": "user",
    "warehouses": "inventory.common",
}
"""The scope of each resource, without `core.` and the verb; of the others, `common`."""
_ODD = {
    ("uoms", "write"): "core.uom.write",
    ("inventory_transactions", "write"): "core.inventory.receiving.write",
}
_AS_WELL = {
    ("items", "read"): "core.catalog.read",
    ("purchase_order_changes", "read"): "core.purchase_order_change.read",
    ("purchase_order_changes", "write"): "core.purchase_order_change.write",
    ("receiving_transactions", "read"): "core.inventory.receiveing.read",
    ("supplier_sites", "read"): "core.supplier.read",
    ("supplier_sites", "write"): "core.supplier.write",
    ("uoms", "read"): "core.uom.read",
}


def opening(resource: str, verb: str) -> tuple[str, ...]:
    """The scopes of which a token needs one to `read` or to `write` a resource; the first is the usual one."""
    usual = _ODD.get((resource, verb)) or f"core.{_OF.get(resource, 'common')}.{verb}"
    other = _AS_WELL.get((resource, verb))
    return (usual, other) if other else (usual,)
