System.Console.WriteLine("database");
