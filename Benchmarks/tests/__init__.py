"""Tests of the arithmetic: python3 -m unittest discover -s Benchmarks/tests -t Benchmarks"""
