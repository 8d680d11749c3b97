import sys

if sys.stdin is None:
    print("no input at all")
else:
    try:
        print("hello", input("your name? "))
    except EOFError as error:
        print("nobody:", error)
    print(repr(sys.stdin.read()))
