"""Which scope a client must be granted for a resource: Coupa's published list of scopes and their permissions.

The list is that of R34.3; what came later, and what it leaves out, follows the names that Coupa's own examples ask for.
A resource of no family here is under `core.common`.
"""

READ, WRITE = "read", "write"

_FAMILIES: dict[str, str] = {
    "accounting": "account_groups account_types account_validation_rules accounts",
    "approval": "approvals",
    "budget": "budget_line_adjustments budget_lines",
    "business_entity": "business_entities",
    "catalog": "supplier_items",
    "comment": "comments",
    "contract": "contracts",
    "contracts_template": "contracts/templates",
    "expense": "expense_artifacts expense_lines expense_lines/expense_artifacts expense_reports",
    "financial_counterparty": "financial_counterparties",
    "integration": (
        "data_file_sources integration_contacts integration_errors integration_history_records integration_runs "
        "integrations"
    ),
    "inventory.adjustment": "inventory_adjustments",
    "inventory.asn": "asn/headers",
    "inventory.balance": "inventory",
    "inventory.common": "asset_tags default_receiving_locations inspection_codes warehouses",
    "inventory.consumption": "inventory_consumptions",
    "inventory.cycle_counts": "cycle_counts",
    "inventory.pick_list": "pick_lists",
    "inventory.receiving": "receipt_requests receivable_purchase_order_lines receiving_transactions",
    "inventory.return_to_supplier": "return_requests return_to_supplier_transactions",
    "inventory.transaction": "inventory_transactions",
    "inventory.transfer": "inventory_transfers",
    "invoice": "invoices tax_registrations",
    "item": "items",
    "legal_entity": "legal_entities",
    "order_header_confirmations": "order_header_confirmations",
    "order_pad": "order_pads",
    "pay.payments": "coupa_pay/payments",
    "payables.allocations": "payables/allocations",
    "payables.external": "payables/external/payables",
    "payables.invoice": "coupa_pay/invoices payables/invoices",
    "payables.order": "payables/order/reconciliation_lines payables/orders",
    "project": "project_memberships projects tasks",
    "purchase_order": "purchase_order_changes purchase_order_lines purchase_order_revisions purchase_orders",
    "requisition": "requisitions",
    "sourcing": "quote_requests",
    "sourcing.response": "quote_responses",
    "supplier": "invoice_emails supplier_information suppliers",
    "supplier.risk_aware": "supplier_risk_aware_feed",
    "supplier_information_sites": "supplier_information_sites",
    "supplier_sharing_settings": "supplier_sharing_settings",
    "supplier_sites": "supplier_sites",
    "user": "users",
    "user_group": "user_group_memberships user_groups",
}
_FAMILY = {resource: family for family, resources in _FAMILIES.items() for resource in resources.split()}
_ODD = {("uoms", WRITE): "core.uom.write", ("inventory_transactions", WRITE): "core.inventory.receiving.write"}


def scope_of(resource: str, verb: str = READ) -> str:
    """The scope that lets a resource be read, or with `write`, created, changed and acted on."""
    return _ODD.get((resource, verb)) or f"core.{_FAMILY.get(resource, 'common')}.{verb}"


def scope_of_request(method: str, path: str) -> str:
    """The scope that a request needs: `GET`, `/api/users?limit=1` needs `core.user.read`."""
    steps = path.partition("?")[0].removeprefix("/api/").strip("/").split("/")
    names = ("/".join(steps[:length]) for length in (3, 2, 1))
    resource = next((name for name in names if name in _FAMILY), steps[0])
    return scope_of(resource, READ if method == "GET" else WRITE)
