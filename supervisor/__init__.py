"""The one command's machinery: prepares the machine, owns DATA_DIR, keeps the processes of the Procfile alive.

Standard library only: it runs before anything is installed, and stays small beside what it watches.
"""
