"""What leaves the house: a warning as CAP 1.2, page, mail, SMS, calendar, HXL table, or posted to an address.

Called by ``toguna ledger show`` and ``toguna ledger send``. Every way out goes through `gate`.
"""
