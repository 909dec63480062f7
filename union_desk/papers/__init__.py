"""THE LIFE OF A PRINTED REPORT: where what the store holds and what reports draw come together.

Issuing, the one rule that voids, the paper check, the cover of a delivery, the correction report.
"""
