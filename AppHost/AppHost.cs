System.Console.WriteLine("apphost");
