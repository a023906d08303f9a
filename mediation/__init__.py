"""Online labour-dispute mediation, from filing to a signed and sealed settlement."""
