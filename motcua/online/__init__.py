"""Applications from home: prepared on a phone, handed in as dossiers, answered and followed without a visit.

Law: Nghị định 118/2025/NĐ-CP (Điều 15 channels; Điều 16 answer within one working day; Điều 17), Nghị định 42/2022.
"""
