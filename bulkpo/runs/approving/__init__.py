"""A plan to approve: what an import or an update would do, as a workbook that is applied as it stands or refused."""
