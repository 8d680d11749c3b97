import beside

print(beside.name, __name__, __package__ == "", __spec__.name)
raise ArithmeticError("of a folder")
