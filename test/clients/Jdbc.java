// client: pgjdbc
// needs: libpostgresql-jdbc-java default-jdk-headless
import java.io.*;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;

public class Jdbc
{
	static final String BN = "123456782", FIRST = BN + "RM0001", SECOND = BN + "RM0002", THIRD = BN + "RM0003";
	static Connection db;

	interface Attempt { String run() throws Exception; }

	static PreparedStatement prepare(String sql, Object... values) throws SQLException
	{
		PreparedStatement s = db.prepareStatement(sql);
		for (int i = 0; i < values.length; i++)
		{
			if (values[i] instanceof String)
				s.setString(i + 1, (String) values[i]);		// goes as varchar
			else
				s.setObject(i + 1, values[i]);
		}
		return s;
	}

	static int update(String sql, Object... values) throws SQLException
	{
		return prepare(sql, values).executeUpdate();
	}

	static List<String> column(String sql, Object... values) throws SQLException
	{
		ResultSet r = prepare(sql, values).executeQuery();
		List<String> got = new ArrayList<>();
		while (r.next())
			got.add(r.getString(1));
		return got;
	}

	static String yes(boolean good)
	{
		if (!good)
			throw new IllegalStateException("wrong answer");
		return "yes";
	}

	static String found(int rows, String sql, Object... values) throws SQLException
	{
		yes(column(sql, values).size() == rows);
		return column("EXPLAIN " + sql, values).toString().contains("Index") ? "index" : "no index";
	}

	static String array(String cast) throws SQLException
	{
		update("UPDATE entries SET accounts = ?" + cast + " WHERE id = 1",
			db.createArrayOf("text", new String[] {FIRST, SECOND}));
		ResultSet r = prepare("SELECT accounts FROM entries WHERE id = 1").executeQuery();
		r.next();
		Object[] got = (Object[]) r.getArray(1).getArray();
		yes(got.length == 2 && got[1].toString().equals(SECOND));
		return "list";
	}

	static String copyText() throws Exception
	{
		update("CREATE TEMP TABLE c (id int4, bn bn9, account program_account)");
		db.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY c FROM STDIN", new StringReader("1\t" + BN + "\t" + FIRST + "\n"));
		StringWriter out = new StringWriter();
		db.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY c TO STDOUT", out);
		return yes(out.toString().equals("1\t" + BN + "\t" + FIRST + "\n"));
	}

	static String copyBinary() throws Exception
	{
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		db.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY c TO STDOUT (FORMAT binary)", out);
		update("TRUNCATE c");
		db.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY c FROM STDIN (FORMAT binary)", new ByteArrayInputStream(out.toByteArray()));
		return yes(column("SELECT account FROM c").equals(List.of(FIRST)));
	}

	static String json(String cast) throws SQLException
	{
		yes(column("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1").equals(List.of(FIRST)));
		update("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ?" + cast + ")",
			"{\"id\": 30001, \"bn\": \"123456782\", \"account\": \"123456782RC0009\"}");
		return yes(column("SELECT account FROM entries WHERE id = 30001").equals(List.of("123456782RC0009")));
	}

	static void cell(String name, Attempt plain, Attempt cast)
	{
		Exception why = null;
		for (Attempt a : new Attempt[] {plain, cast})
		{
			if (a == null)
				continue;
			try
			{
				String got = a.run();
				System.out.println(name + "\t" + (a == plain ? got : got.equals("yes") ? "cast" : "cast, " + got));
				return;
			}
			catch (Exception e)
			{
				why = e;
			}
		}
		System.out.println(name + "\tno (" + (why instanceof SQLException ? ((SQLException) why).getSQLState() : why) + ")\n#\t" + why);
	}

	public static void main(String[] args) throws Exception
	{
		Map<String, String> env = System.getenv();
		db = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + env.get("PGPORT") + "/" + env.get("PGDATABASE"),
			env.get("PGUSER"), env.get("CARM_PASSWORD"));
		Array both = db.createArrayOf("text", new String[] {FIRST, SECOND});

		cell("select", () -> {
			ResultSet r = prepare("SELECT account, bn FROM entries WHERE id = 1").executeQuery();
			r.next();
			return yes(r.getString(1).equals(FIRST) && r.getObject(2).toString().equals(BN));
		}, null);
		cell("insert", () -> yes(update("INSERT INTO entries (id, bn, account) VALUES (20001, ?, ?)", BN, BN + "RC0001") == 1), null);
		cell("update", () -> yes(update("UPDATE entries SET account = ? WHERE id = 20001", BN + "RC0002") == 1), null);
		cell("filter", () -> found(1, "SELECT id FROM entries WHERE account = ?", THIRD), null);
		cell("varchar", () -> found(1, "SELECT id FROM entries WHERE account = CAST(? AS varchar)", THIRD), null);
		cell("any", () -> found(2, "SELECT id FROM entries WHERE account = ANY(?)", both), null);
		cell("like", () -> yes(column("SELECT count(*) FROM entries WHERE account LIKE ?", BN + "RM00%").get(0).equals("99")), null);
		cell("null", () -> {
			PreparedStatement s = prepare("INSERT INTO entries (id, bn, account) VALUES (20002, ?, ?)");
			s.setNull(1, Types.VARCHAR);
			s.setString(2, null);
			s.executeUpdate();
			return yes(column("SELECT account FROM entries WHERE id = 20002").get(0) == null);
		}, null);
		cell("array", () -> array(""), () -> array("::program_account[]"));
		cell("copy text", Jdbc::copyText, null);
		cell("copy binary", Jdbc::copyBinary, null);
		cell("json", () -> json(""), () -> json("::jsonb"));
		try
		{
			update("INSERT INTO entries (id, bn) VALUES (20003, ?)", "123456789");
			System.out.println("bad number\tno error");
		}
		catch (SQLException e)
		{
			System.out.println("bad number\t" + e.getSQLState() + " `" + e.getClass().getName() + "`");
		}
	}
}
