# client: ActiveRecord
# needs: ruby ruby-activerecord ruby-pg
require 'logger'
require 'active_record'

BN, OTHER = '123456782', '123456782RC0001'
FIRST, SECOND, THIRD = (1..3).map { |i| "#{BN}RM000#{i}" }

$stderr.reopen(File::NULL) # it warns of every type it does not know
ActiveRecord::Base.establish_connection(adapter: 'postgresql', host: ENV['PGHOST'], port: ENV['PGPORT'],
                                        database: ENV['PGDATABASE'], username: ENV['PGUSER'])

class Entry < ActiveRecord::Base
end

def yes(good)
  good ? 'yes' : raise('wrong answer')
end

def found(rows, query)
  yes(query.to_a.size == rows)
  query.explain.include?('Index') ? 'index' : 'no index'
end

# Tries each way in turn; the second one is the cast. Prints the line.
def cell(name, *ways)
  why = nil
  ways.each_with_index do |way, i|
    got = way.call
    puts "#{name}\t#{i.zero? ? got : "cast, #{got}".delete_suffix(', yes')}"
    return
  rescue StandardError => e
    why = e
  end
  puts(why ? "#{name}\tno (#{why.class})\n#\t#{why.message.lines.first}" : "#{name}\t-")
end

def arrays(value)
  Entry.where(id: 1).update_all(accounts: value)
  arrays_back
end

def arrays_back
  got = Entry.find(1).accounts
  got.is_a?(Array) ? yes(got == [FIRST, SECOND]) && 'list' : yes(got == "{#{FIRST},#{SECOND}}") && 'text'
end

raw = ActiveRecord::Base.connection.raw_connection
cell('select', -> { yes(Entry.find(1).then { |e| e.account == FIRST && e.bn == BN }) })
cell('insert', -> { yes(Entry.create!(id: 20001, bn: BN, account: OTHER)) })
cell('update', -> { yes(Entry.find(20001).update!(account: '123456782RC0002')) })
cell('filter', -> { found(1, Entry.select(:id).where(account: THIRD)) })
cell('varchar', -> { found(1, Entry.select(:id).where('account = CAST(? AS varchar)', THIRD)) })
cell('any', -> { found(2, Entry.select(:id).where(account: [FIRST, SECOND])) })
cell('like', -> { yes(Entry.where('account LIKE ?', "#{BN}RM00%").count == 99) })
cell('null', -> { yes(Entry.create!(id: 20002, bn: nil).reload.account.nil?) })
cell('array', -> { arrays([FIRST, SECOND]) }, -> { arrays("{#{FIRST},#{SECOND}}") })
%w[text binary].each do |form|
  cell("copy #{form}", lambda {
    rows = []
    raw.copy_data("COPY (SELECT id, bn, account FROM entries WHERE id < 3) TO STDOUT (FORMAT #{form})") do
      while (row = raw.get_copy_data)
        rows << row
      end
    end
    raw.exec('CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account); TRUNCATE c')
    raw.copy_data("COPY c FROM STDIN (FORMAT #{form})") { rows.each { |row| raw.put_copy_data(row) } }
    yes(raw.exec('SELECT account FROM c ORDER BY id').column_values(0) == [FIRST, SECOND])
  })
end
cell('json', lambda {
  db = ActiveRecord::Base.connection
  yes(db.select_value('SELECT to_jsonb(e) ->> $$account$$ FROM entries e WHERE id = 1') == FIRST)
  db.exec_query('INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)', 'json',
                [ActiveRecord::Relation::QueryAttribute.new('r', '{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}',
                                                            ActiveRecord::Type::String.new)])
  yes(Entry.find(30001).account == '123456782RC0009')
})
begin
  Entry.create!(id: 20003, bn: '123456789')
  puts "bad number\tno error"
rescue ActiveRecord::StatementInvalid => e
  puts "bad number\t#{e.cause.result.error_field(PG::PG_DIAG_SQLSTATE)} `#{e.class}`, cause `#{e.cause.class}`"
end
